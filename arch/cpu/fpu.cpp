// SPDX-License-Identifier: MIT
#include "arch/cpu/fpu.hpp"

#include <cstring>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/fixup.hpp"

namespace arch {
namespace {

// Legacy region of the area (Intel SDM volume 1, 10.5.1).
constexpr usize fcw_offset = 0;
constexpr usize fsw_offset = 2;
constexpr usize mxcsr_offset = 24;

template <class Word>
Word word_at(void const* area, usize offset) {
    Word word{};
    std::memcpy(&word, static_cast<std::byte const*>(area) + offset, sizeof word);
    return word;
}

bool has_pending_exception(void const* area) {
    constexpr unsigned exceptions = 0x3f;
    unsigned const fcw = word_at<u16>(area, fcw_offset), fsw = word_at<u16>(area, fsw_offset);
    return (fsw & ~fcw & exceptions) != 0;
}

// Where the one before last executed x87 code, and on which data, is nobody else's to know: here it
// was we, on nothing. The exceptions it left must not meet us; with a place free there is no new one.
void forget_x87_pointers() {
    static constexpr u32 nothing = 0;
    asm volatile("fnclex\n\tffree %%st(7)\n\tfildl %0" ::"m"(nothing));
}

bool load(void* area) {
    if (features.keeps_x87_pointers && !has_pending_exception(area))
        forget_x87_pointers();
    u32 failed = 0;
    u32 const all = ~u32{0};
    if (features.xsave)
        asm volatile(
            "1:\txrstor64 (%[area])\n\t"
            "jmp 3f\n"
            "2:\tmov $1, %[failed]\n"
            "3:\n\t" EX_TABLE("1b", "2b")
            : [failed] "+r"(failed)
            : [area] "r"(area), "a"(all), "d"(all)
            : "memory");
    else
        asm volatile(
            "1:\tfxrstor64 (%[area])\n\t"
            "jmp 3f\n"
            "2:\tmov $1, %[failed]\n"
            "3:\n\t" EX_TABLE("1b", "2b")
            : [failed] "+r"(failed)
            : [area] "r"(area)
            : "memory");
    return failed == 0;
}

}  // namespace

void init_fpu() {
    clear_ts();
    if (features.xsave)
        xsetbv(features.xcr0_mask);
}

unsigned fpu_area_order() {
    return features.xsave_size <= page_size ? 0 : 1;
}

void reset_fpu_area(void* area) {
    std::memset(area, 0, features.xsave_size);
    u16 const fcw = 0x37f;
    u32 const mxcsr = 0x1f80;
    std::memcpy(static_cast<std::byte*>(area) + fcw_offset, &fcw, sizeof fcw);
    std::memcpy(static_cast<std::byte*>(area) + mxcsr_offset, &mxcsr, sizeof mxcsr);
}

void save_fpu(void* area) {
    u32 const all = ~u32{0};
    if (features.xsave)
        asm volatile("xsave64 (%0)" ::"r"(area), "a"(all), "d"(all) : "memory");
    else
        asm volatile("fxsave64 (%0)" ::"r"(area) : "memory");
}

bool restore_fpu(void* area) {
    if (load(area))
        return true;
    reset_fpu_area(area);
    (void)load(area);
    return false;
}

}  // namespace arch

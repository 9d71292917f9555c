// SPDX-License-Identifier: MIT
#include "tests/guest/registers/probe.hpp"

#include <algorithm>
#include <cstring>

#include "guest-pv/rt/cpu/exception.hpp"

namespace probe {
namespace {

// Of FXSAVE's area: what is a register's, and no byte that is reserved.
constexpr usize control = 0, tags = 4, mxcsr = 24, stack = 32, stack_step = 16, low_halves = 160, end = 416;
constexpr usize stack_places = 8, bytes_of_real = 10;

bool has_avx() {
    u32 a = 1, b = 0, c = 0, d = 0;
    asm volatile("ud2a\n\t.ascii \"xen\"\n\tcpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (c >> 28 & 1) != 0;
}

bool same(Floating const& noted, usize from, usize bytes) {
    return std::memcmp(&noted[from], &floating_before[from], bytes) == 0;
}

}  // namespace

void prepare() {
    vectors_are_wide = has_avx();
    if (vectors_are_wide)
        turn_whole_vectors_on();
}

void turn_whole_vectors_on() {
    constexpr u64 osxsave = 1u << 18;
    u64 cr4 = 0;
    asm volatile("mov %%cr4, %0" : "=r"(cr4));
    asm volatile("mov %0, %%cr4" ::"r"(cr4 | osxsave));
    asm volatile("xsetbv" ::"c"(0), "a"(7), "d"(0));
}

void fill(u64 seed) {
    for (usize i = 0; i < count; ++i)
        registers_before[i] = 0x5a00'0000'0000'0000 + 0x0101'0101 * (i + 1) + (seed << 40);
    for (usize i = 0; i < sizeof vectors_before; ++i)
        vectors_before[i] = static_cast<u8>(i * 7 + 1 + seed * 29);
    std::memset(floating_before, 0, sizeof floating_before);
    u16 const rounding_to_zero = 0x0f7f;
    u32 const no_denormals = 0x1fc0;
    std::memcpy(&floating_before[control], &rounding_to_zero, sizeof rounding_to_zero);
    std::memcpy(&floating_before[mxcsr], &no_denormals, sizeof no_denormals);
    floating_before[tags] = 0xff;
    for (usize i = 0; i < stack_places; ++i)
        std::memcpy(&floating_before[stack + i * stack_step], &vectors_before[i * stack_step], bytes_of_real);
    for (usize i = 0; i < 16; ++i)
        std::memcpy(&floating_before[low_halves + i * 16], &vectors_before[i * 32], 16);
}

bool alike(Registers const& a, Registers const& b, u64 changed) {
    for (usize i = 0; i < count; ++i)
        if ((changed >> i & 1) == 0 && a[i] != b[i])
            return false;
    return true;
}

bool floating_is_kept(Floating const& noted, Vectors const& vectors) {
    for (usize i = 0; i < stack_places; ++i)
        if (!same(noted, stack + i * stack_step, bytes_of_real))
            return false;
    return same(noted, control, tags + 1 - control) && same(noted, mxcsr, sizeof(u32)) &&
           same(noted, low_halves, end - low_halves) &&
           (!vectors_are_wide || std::memcmp(vectors, vectors_before, sizeof vectors) == 0);
}

bool floating_is_fresh(Floating const& noted) {
    u16 control_word = 0;
    u32 vector_control = 0;
    std::memcpy(&control_word, &noted[control], sizeof control_word);
    std::memcpy(&vector_control, &noted[mxcsr], sizeof vector_control);
    return control_word == 0x37f && vector_control == 0x1f80 && noted[tags] == 0 &&
           std::all_of(&noted[stack], &noted[end], [](u8 b) { return b == 0; });
}

}  // namespace probe

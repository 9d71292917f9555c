// SPDX-License-Identifier: MIT
// Copies between the hypervisor and the address space of the running guest.
// A few words go by themselves. Else whole words first: on every CPU that
// counts, a long REP MOVSQ is the fastest and the shortest.
#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/fixup.hpp"
#include "kernel/machine/memory.hpp"

namespace {

#define GRANITE_COPY(what)                                                                        \
    asm volatile("1:\trep " what "\n\tjmp 3f\n2:\tmov $1, %[failed]\n3:\n\t" EX_TABLE("1b", "2b") \
                 : "+D"(to), "+S"(from), "+c"(n), [failed] "+r"(failed)                           \
                 :                                                                                \
                 : "memory")

bool copy_words(void*& to, void const*& from, usize n) {
    u32 failed = 0;
    GRANITE_COPY("movsq");
    return failed == 0;
}

bool copy_bytes(void* to, void const* from, usize n) {
    u32 failed = 0;
    GRANITE_COPY("movsb");
    return failed == 0;
}

#undef GRANITE_COPY

// Most structures are whole words, and `n` is known where this is inlined.
inline bool copy(void* to, void const* from, usize n) {
    machine::GuestAccess const open;
    return copy_words(to, from, n / 8) && (n % 8 == 0 || copy_bytes(to, from, n % 8));
}

template <class Word>
bool load_word(Vaddr from, Word& to) {
    Word value;
    asm goto("1:\tmov %1, %0\n\t" EX_TABLE("1b", "%l[fault]")
             : "=r"(value)
             : "m"(*reinterpret_cast<Word const*>(from.raw()))
             : "memory"
             : fault);
    to = value;
    return true;
fault:
    return false;
}

template <class Word>
bool store_word(Vaddr to, Word value) {
    asm goto("1:\tmov %1, %0\n\t" EX_TABLE("1b", "%l[fault]")
             :
             : "m"(*reinterpret_cast<Word*>(to.raw())), "r"(value)
             : "memory"
             : fault);
    return true;
fault:
    return false;
}

}  // namespace

namespace machine {

GuestAccess::GuestAccess() {
    if (arch::features.smap)
        arch::stac();
}
GuestAccess::~GuestAccess() {
    if (arch::features.smap)
        arch::clac();
}
bool GuestAccess::load(Vaddr from, u64& to) const {
    return load_word(from, to);
}
bool GuestAccess::load(Vaddr from, u32& to) const {
    return load_word(from, to);
}
bool GuestAccess::load(Vaddr from, u16& to) const {
    return load_word(from, to);
}
bool GuestAccess::store(Vaddr to, u64 value) const {
    return store_word(to, value);
}
bool GuestAccess::store(Vaddr to, u32 value) const {
    return store_word(to, value);
}
bool GuestAccess::store(Vaddr to, u16 value) const {
    return store_word(to, value);
}

bool copy_from_guest(void* to, Vaddr from, usize n) {
    return copy(to, reinterpret_cast<void const*>(from.raw()), n);
}

bool copy_to_guest(Vaddr to, void const* from, usize n) {
    return copy(reinterpret_cast<void*>(to.raw()), from, n);
}

}  // namespace machine

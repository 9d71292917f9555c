// SPDX-License-Identifier: MIT
// Copies between the hypervisor and the address space of the running guest.
// Whole words first: on every CPU that counts, a long REP MOVSQ is the fastest
// and the shortest.
#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/fixup.hpp"
#include "kernel/machine/memory.hpp"

namespace {

// Opens user pages for the hypervisor while it lives, where SMAP closes them.
class UserAccess {
  public:
    UserAccess() {
        if (arch::features.smap)
            arch::stac();
    }
    ~UserAccess() {
        if (arch::features.smap)
            arch::clac();
    }
    UserAccess(UserAccess const&) = delete;
};

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
    UserAccess const open;
    return copy_words(to, from, n / 8) && (n % 8 == 0 || copy_bytes(to, from, n % 8));
}

}  // namespace

namespace machine {

bool copy_from_guest(void* to, Vaddr from, usize n) {
    return copy(to, reinterpret_cast<void const*>(from.raw()), n);
}

bool copy_to_guest(Vaddr to, void const* from, usize n) {
    return copy(reinterpret_cast<void*>(to.raw()), from, n);
}

}  // namespace machine

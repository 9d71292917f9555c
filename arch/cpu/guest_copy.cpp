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

bool copy(void* to, void const* from, usize n) {
    usize words = n / 8;
    usize tail = n % 8;
    u32 failed = 0;
    UserAccess const open;
    asm volatile(
        "1:\trep movsq\n\t"
        "mov %[tail], %%rcx\n"
        "2:\trep movsb\n\t"
        "jmp 4f\n"
        "3:\tmov $1, %[failed]\n"
        "4:\n\t" EX_TABLE("1b", "3b") EX_TABLE("2b", "3b")
        : "+D"(to), "+S"(from), "+c"(words), [failed] "+r"(failed)
        : [tail] "r"(tail)
        : "memory");
    return failed == 0;
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

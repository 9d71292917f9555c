// SPDX-License-Identifier: MIT
#include "arch/cpu/debug_registers.hpp"

namespace arch {

void set_breakpoint_address(unsigned n, u64 address) {
    switch (n) {
        case 0:
            asm volatile("mov %0, %%db0" ::"r"(address));
            break;
        case 1:
            asm volatile("mov %0, %%db1" ::"r"(address));
            break;
        case 2:
            asm volatile("mov %0, %%db2" ::"r"(address));
            break;
        default:
            asm volatile("mov %0, %%db3" ::"r"(address));
            break;
    }
}

void set_dr7(u64 value) {
    asm volatile("mov %0, %%db7" ::"r"(value));
}

u64 take_dr6() {
    u64 status = 0;
    asm volatile("mov %%db6, %0" : "=r"(status));
    asm volatile("mov %0, %%db6" ::"r"(dr6_nothing));
    return status;
}

}  // namespace arch

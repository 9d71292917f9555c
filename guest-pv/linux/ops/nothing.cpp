// SPDX-License-Identifier: MIT
// The smallest program: what remains of an exec is the kernel's own work.
#include <sys/syscall.h>

extern "C" [[noreturn]] void _start() {
    asm volatile("syscall" : : "a"(SYS_exit), "D"(0) : "rcx", "r11", "memory");
    __builtin_unreachable();
}

// SPDX-License-Identifier: MIT
// The first process of a Linux guest that does nothing but end it. It is linked
// to an address that nothing else has, where a benchmark waits for it.
#include <linux/reboot.h>
#include <sys/syscall.h>

extern "C" [[noreturn]] void _start() {
    for (;;) {
        long answer = SYS_reboot;
        register long argument asm("r10") = 0;
        asm volatile("syscall"
                     : "+a"(answer)
                     : "D"(LINUX_REBOOT_MAGIC1), "S"(LINUX_REBOOT_MAGIC2), "d"(LINUX_REBOOT_CMD_POWER_OFF),
                       "r"(argument)
                     : "rcx", "r11", "memory");
    }
}

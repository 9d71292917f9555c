/* SPDX-License-Identifier: MIT */
/*
 * Into code that makes a hypercall, and back from wherever that leads.
 */
#include "tests/guest/come_back.inc"

        .text
        .globl run_at                   /* (address) */
run_at:
        REMEMBER_CALLER
        mov %rdi, %rcx
        lea returned(%rip), %rbx
        mov $17, %eax                   /* xen_version(version) */
        xor %edi, %edi
        xor %esi, %esi
        jmp *%rcx

returned:
        mov $2, %eax
        jmp 1f
        .globl failsafe
failsafe:
        mov $1, %eax
        jmp 1f
        .globl come_back
come_back:
        xor %eax, %eax
1:      COME_BACK

        .section .note.GNU-stack, "", @progbits

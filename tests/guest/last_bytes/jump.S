/* SPDX-License-Identifier: MIT */
/*
 * Into code that makes a hypercall, and back from wherever that leads.
 */
#include "guest-pv/rt/thread/callee_saved.inc"

        .text
        .globl run_at                   /* (address) */
run_at:
        PUSH_CALLEE_SAVED
        mov %rsp, saved_rsp(%rip)
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
1:      mov saved_rsp(%rip), %rsp
        POP_CALLEE_SAVED
        ret

        .bss
        .balign 8
saved_rsp:
        .skip 8
        .section .note.GNU-stack, "", @progbits

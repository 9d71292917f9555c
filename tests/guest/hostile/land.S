/* SPDX-License-Identifier: MIT */
/*
 * The iret hypercall with any frame. Whatever becomes of it, the caller is come
 * back to: from where the frame leads, from the failsafe callback, or from an
 * exception's handler.
 */
#include "tests/guest/come_back.inc"

        .text
        .globl iret_by                  /* (nine words): flags, 0 from a fault, 1 from the failsafe */
iret_by:
        REMEMBER_CALLER
        sub $(9 * 8), %rsp
        mov %rdi, %rsi
        mov %rsp, %rdi
        mov $9, %ecx
        rep movsq
        mov $23, %eax
        syscall
        ud2

        .globl landed                   /* the stack pointer is the frame's */
landed:
        mov saved_rsp(%rip), %rsp
        pushfq
        pop %rax
        pushq $2
        popfq
        COME_BACK

        .globl landed_by_failsafe
landed_by_failsafe:
        mov $1, %eax
        COME_BACK

        .globl landed_by_fault
landed_by_fault:
        mov saved_rsp(%rip), %rsp
        pushq $2
        popfq
        xor %eax, %eax
        COME_BACK

        .section .note.GNU-stack, "", @progbits

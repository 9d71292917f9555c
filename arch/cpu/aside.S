/* SPDX-License-Identifier: MIT */
/* The way to called_aside() (kernel/machine/aside.hpp): three arguments lie on
   the stack, and no register changes. */
        .text
        .globl aside
        .type aside, @function
aside:
        push %rax
        push %rcx
        push %rdx
        push %rsi
        push %rdi
        push %r8
        push %r9
        push %r10
        push %r11
        mov 10 * 8(%rsp), %rdi          /* behind nine registers and the return address */
        mov 11 * 8(%rsp), %rsi
        mov 12 * 8(%rsp), %rdx
        call called_aside
        pop %r11
        pop %r10
        pop %r9
        pop %r8
        pop %rdi
        pop %rsi
        pop %rdx
        pop %rcx
        pop %rax
        ret $24
        .section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: MIT */
/*
 * The shortest event handler: notes when it began, takes the pending mark
 * away and goes back. The hypervisor has masked further events on entry, and
 * they stay masked, as the kit wants it.
 */
        .text
        .globl micro_upcall
micro_upcall:
        push %rax
        push %rdx
        rdtsc
        shl $32, %rdx
        or %rdx, %rax
        mov %rax, micro_upcall_at(%rip)
        mov micro_upcall_pending(%rip), %rax
        movb $0, (%rax)
        pop %rdx
        pop %rax
        pop %rcx
        pop %r11
        orb $3, 8(%rsp)                 /* CS: back to ring 3, where we are */
        movl $0, 12(%rsp)
        iretq

        .section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: MIT */
/*
 * Fills every register that a guest has with values of its own, enters the
 * hypervisor once, and notes what is there afterwards.
 */
        .macro EACH action, area
        \action %rax, \area, 0
        \action %rbx, \area, 1
        \action %rcx, \area, 2
        \action %rdx, \area, 3
        \action %rsi, \area, 4
        \action %rdi, \area, 5
        \action %rbp, \area, 6
        \action %r8, \area, 7
        \action %r9, \area, 8
        \action %r10, \area, 9
        \action %r11, \area, 10
        \action %r12, \area, 11
        \action %r13, \area, 12
        \action %r14, \area, 13
        \action %r15, \area, 14
        .endm
        .macro FILL register, area, n
        mov \area + 8 * \n(%rip), \register
        .endm
        .macro NOTE register, area, n
        mov \register, \area + 8 * \n(%rip)
        .endm

        .macro EACH_VECTOR instruction
        .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        \instruction \n
        .endr
        .endm
        .macro FILL_VECTOR n
        movdqu vectors_before + 16 * \n(%rip), %xmm\n
        .endm
        .macro NOTE_VECTOR n
        movdqu %xmm\n, vectors_after + 16 * \n(%rip)
        .endm

        .macro PROBE name, instruction:vararg
        .globl \name
\name:
        .irp saved, rbx, rbp, r12, r13, r14, r15
        push %\saved
        .endr
        EACH_VECTOR FILL_VECTOR
        EACH FILL, registers_before
        \instruction
        .globl \name\()_end
\name\()_end:
        EACH NOTE, registers_after
        EACH_VECTOR NOTE_VECTOR
        .irp saved, r15, r14, r13, r12, rbp, rbx
        pop %\saved
        .endr
        ret
        .endm

        .text
        PROBE probe_hypercall, syscall
        PROBE probe_emulation, mov %cr4, %rax
        PROBE probe_exception, ud2

        .bss
        .balign 16
        .globl registers_before, registers_after, vectors_before, vectors_after
registers_before:
        .skip 8 * 15
registers_after:
        .skip 8 * 15
        .balign 16
vectors_before:
        .skip 16 * 16
vectors_after:
        .skip 16 * 16

        .section .note.GNU-stack, "", @progbits

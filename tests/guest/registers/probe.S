/* SPDX-License-Identifier: MIT */
/*
 * Fills every register that a guest has with values of its own, enters the
 * hypervisor once, and notes what is there afterwards; and the event upcall,
 * which notes what is there when it begins.
 */
#include "guest-pv/rt/thread/callee_saved.inc"

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

        .macro EACH_VECTOR action, area
        .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        \action \area, \n
        .endr
        .endm
        .macro FILL_VECTOR area, n
        vmovdqu \area + 32 * \n(%rip), %ymm\n
        .endm
        .macro NOTE_VECTOR area, n
        vmovdqu %ymm\n, \area + 32 * \n(%rip)
        .endm

        /* x87, MXCSR and low halves; whole vectors where there are any. */
        .macro FILL_FLOATING
        fxrstor64 floating_before(%rip)
        cmpb $0, vectors_are_wide(%rip)
        je 1f
        EACH_VECTOR FILL_VECTOR, vectors_before
1:
        .endm
        .macro NOTE_FLOATING when
        fxsave64 floating_\when(%rip)
        cmpb $0, vectors_are_wide(%rip)
        je 1f
        EACH_VECTOR NOTE_VECTOR, vectors_\when
1:
        .endm

        .macro PROBE name, instructions:vararg
        .globl \name
\name:
        PUSH_CALLEE_SAVED
        sub $8, %rsp
        stmxcsr (%rsp)
        fnstcw 4(%rsp)
        FILL_FLOATING
        EACH FILL, registers_before
        \instructions
        .globl \name\()_end
\name\()_end:
        EACH NOTE, registers_after
        NOTE_FLOATING after
        fninit
        ldmxcsr (%rsp)
        fldcw 4(%rsp)
        add $8, %rsp
        POP_CALLEE_SAVED
        ret
        .endm

        .macro SPIN
2:      cmpl $0, upcalls(%rip)
        je 2b
        .endm

        .text
        PROBE probe_hypercall, syscall
        PROBE probe_emulation, mov %cr4, %rax
        PROBE probe_exception, ud2
        PROBE probe_interrupt, SPIN     /* until there is an upcall */

        /* RCX, R11, RIP, CS, flags, RSP and SS are on the stack. */
        .globl note_upcall
note_upcall:
        EACH NOTE, registers_inside
        NOTE_FLOATING inside
        mov (%rsp), %rax
        mov %rax, pushed_rcx(%rip)
        mov 8(%rsp), %rax
        mov %rax, pushed_r11(%rip)
        mov 16(%rsp), %rax
        mov %rax, interrupted_at(%rip)
        mov upcall_pending(%rip), %rax
        movb $0, (%rax)
        mov registers_inside(%rip), %rax
        incl upcalls(%rip)
        pop %rcx
        pop %r11
        cmpb $0, leaves_by_hypercall(%rip)
        jne 1f
        orb $3, 8(%rsp)
        iretq
1:      pushq $0
        push %rcx
        push %r11
        push %rax
        mov $23, %eax
        syscall
        ud2

        /* The first instructions of a vcpu: what it begins with. */
        .macro FIRST when
        EACH NOTE, registers_\when
        fxsave64 floating_\when(%rip)
        .endm
        .globl guest_entry
guest_entry:
        FIRST at_start
        jmp start
        .globl fresh_entry
fresh_entry:
        FIRST fresh
        lea fresh_stack_end(%rip), %rsp
        call fresh_vcpu
        ud2

        .globl note_vectors
note_vectors:
        EACH_VECTOR NOTE_VECTOR, vectors_fresh
        ret

        .bss
        .balign 64
        .macro AREA name, bytes
        .globl \name
\name:  .skip \bytes
        .endm
        .irp when, before, inside, after, at_start, fresh
        AREA floating_\when, 512
        AREA vectors_\when, 512
        AREA registers_\when, 128
        .endr
        AREA pushed_rcx, 8
        AREA pushed_r11, 8
        AREA interrupted_at, 8
        AREA upcall_pending, 8
        AREA upcalls, 4
        AREA vectors_are_wide, 1
        AREA leaves_by_hypercall, 1
        .balign 16
        .skip 4096
fresh_stack_end:

        .section .note.GNU-stack, "", @progbits

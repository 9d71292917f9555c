/* SPDX-License-Identifier: MIT */
/*
 * The shortest handlers of events, exceptions and system calls, and a user
 * program that does nothing but system calls.
 *
 * Frames lie on the stack as the hypervisor made them: RCX, R11, an error code
 * where there is one, then what IRET takes.
 */
#include <xen/xen.h>

#include "guest-pv/rt/thread/callee_saved.inc"

        .text
        .globl micro_upcall             /* notes when it began; events stay masked, as the kit wants it */
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

        .macro IRET_HYPERCALL flags
        pushq $\flags
        push %rcx
        push %r11
        push %rax
        mov $__HYPERVISOR_iret, %eax
        syscall
        .endm

        .globl micro_breakpoint
micro_breakpoint:
        pop %rcx
        pop %r11
        IRET_HYPERCALL 0

        .globl micro_page_fault         /* goes on behind micro_touch's load */
micro_page_fault:
        pop %rcx
        pop %r11
        add $8, %rsp
        addq $(micro_touched - micro_touch), (%rsp)
        IRET_HYPERCALL 0

        .globl micro_touch              /* (address) */
micro_touch:
        mov (%rdi), %al
micro_touched:
        ret

        .globl micro_user_syscalls      /* (rounds): counts spent in them */
micro_user_syscalls:
        PUSH_CALLEE_SAVED
        mov %rsp, kernel_rsp(%rip)
        mov %rdi, %rbx
        mov $__HYPERVISOR_stack_switch, %eax
        mov $FLAT_RING3_SS64, %edi
        mov %rsp, %rsi
        syscall
        pushq $FLAT_RING3_SS64
        push kernel_rsp(%rip)           /* the user program does not use its stack */
        pushq $2                        /* IF clear: events stay masked */
        pushq $FLAT_RING3_CS64
        lea user_program(%rip), %rcx
        push %rcx
        IRET_HYPERCALL 0

user_program:                           /* %ebx rounds */
        xor %ebp, %ebp
1:      rdtsc
        mov %eax, %esi
        xor %eax, %eax
        syscall
        rdtsc
        sub %esi, %eax
        add %rax, %rbp
        dec %ebx
        jnz 1b
        mov $1, %eax                    /* enough */
        syscall

        .globl micro_syscall
micro_syscall:
        test %eax, %eax
        jnz 1f
        pop %rcx
        pop %r11
        IRET_HYPERCALL VGCF_in_syscall
1:      mov %rbp, %rax
        mov kernel_rsp(%rip), %rsp
        POP_CALLEE_SAVED
        ret

        .bss
        .balign 8
kernel_rsp:
        .skip 8
        .section .note.GNU-stack, "", @progbits

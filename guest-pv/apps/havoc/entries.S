/* SPDX-License-Identifier: MIT */
/*
 * Where a worker's exceptions and events arrive. No exception returns: its frame
 * is dropped with all that lies on the stack, and the worker goes on with its next
 * step. An event only has its vcpu's events masked.
 */
#include <xen/xen.h>

#include "guest-pv/apps/havoc/layout.h"

        .text
        .globl havoc_exception
havoc_exception:
        and $-HAVOC_STACK_SIZE, %rsp
        mov (%rsp), %rdi
        add $HAVOC_STACK_SIZE, %rsp
        pushq $2                        /* neither single steps nor checks of alignment */
        popfq
        xor %ebp, %ebp
        push %rbp                       /* in place of a return address */
        jmp havoc_go_on

        .globl havoc_event
havoc_event:
        pop %rcx
        pop %r11
        orb $3, 8(%rsp)                 /* CS: back to ring 3, where we are */
        movl $0, 12(%rsp)
        iretq

        .globl havoc_iret               /* (cs, ss, rflags): back to its caller, perhaps */
havoc_iret:
        pop %r8
        mov %rsp, %rcx
        push %rsi
        push %rcx
        push %rdx
        push %rdi
        push %r8
        pushq $0                        /* flags of the call */
        push %rcx
        push %r11
        push %rax
        mov $__HYPERVISOR_iret, %eax
        syscall

        .section .note.GNU-stack, "", @progbits

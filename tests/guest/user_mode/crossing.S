/* SPDX-License-Identifier: MIT */
/*
 * From guest kernel to guest user mode by the iret hypercall, and back by the
 * system call that user code makes.
 */
#include "guest-pv/rt/thread/callee_saved.inc"

        .text
        .globl enter_user               /* (rip, rsp): comes back with the bounce frame noted */
enter_user:
        PUSH_CALLEE_SAVED
        mov %rsp, kernel_rsp(%rip)
        mov %rdi, %r14
        mov %rsi, %r15
        mov $3, %eax                    /* stack_switch(ss, sp) */
        mov $0xe02b, %edi
        mov %rsp, %rsi
        syscall
        pushq $0xe02b                   /* SS */
        push %r15                       /* RSP */
        pushq $0x002                    /* RFLAGS, IF clear: events stay masked */
        pushq $0xe033                   /* CS with RPL 3: to user mode */
        push %r14                       /* RIP */
        pushq $0                        /* flags */
        pushq $0x77                     /* RCX */
        pushq $0x88                     /* R11 */
        pushq $0x99                     /* RAX */
        mov $23, %eax
        syscall
        ud2

        .globl user_syscall             /* the registered callback, on the kernel stack */
user_syscall:
        mov %rax, user_registers(%rip)
        mov %rdx, user_registers + 8(%rip)
        mov %rsi, user_registers + 16(%rip)
        mov %rdi, user_registers + 24(%rip)
        lea user_frame(%rip), %rdi
        mov %rsp, %rsi
        mov $7, %ecx
        cld
        rep movsq
        mov kernel_rsp(%rip), %rsp
        POP_CALLEE_SAVED
        ret

        .bss
        .balign 8
kernel_rsp:
        .skip 8
        .globl user_frame
user_frame:                             /* RCX R11 RIP CS RFLAGS RSP SS */
        .skip 7 * 8
        .globl user_registers
user_registers:                         /* RAX RDX RSI RDI */
        .skip 4 * 8
        .section .note.GNU-stack, "", @progbits

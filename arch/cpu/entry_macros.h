/* SPDX-License-Identifier: MIT */
/* What the entry paths of entry.S and isolated_entry.S have in common. */
#pragma once

#include "arch/cpu/offsets.h"

        .macro PUSH_REGISTERS
        push %rdi
        push %rsi
        push %rdx
        push %rcx
        push %rax
        push %r8
        push %r9
        push %r10
        push %r11
        push %rbx
        push %rbp
        push %r12
        push %r13
        push %r14
        push %r15
        /* What a guest left in registers must not steer us, not even where the
           CPU only guesses (EX-8). RBP is cleared where a backtrace ends. */
        xor %eax, %eax
        xor %ebx, %ebx
        xor %ecx, %ecx
        xor %edx, %edx
        xor %esi, %esi
        xor %edi, %edi
        xor %r8d, %r8d
        xor %r9d, %r9d
        xor %r10d, %r10d
        xor %r11d, %r11d
        xor %r12d, %r12d
        xor %r13d, %r13d
        xor %r14d, %r14d
        xor %r15d, %r15d
        .endm

        .macro POP_REGISTERS
        pop %r15
        pop %r14
        pop %r13
        pop %r12
        pop %rbp
        pop %rbx
        pop %r11
        pop %r10
        pop %r9
        pop %r8
        pop %rax
        pop %rcx
        pop %rdx
        pop %rsi
        pop %rdi
        .endm

        /* What a guest may have left in RFLAGS (AC defeats SMAP, DF breaks
           string operations) ends here. */
        .macro CLEAN_FLAGS
        pushq $2
        popfq
        .endm

        /* The C ABI wants 16-byte alignment at a call; frames are odd. */
        .macro CALL_C target
        sub $8, %rsp
        call \target
        add $8, %rsp
        .endm

        /* One stub an exception: `path` begins the names, and handles them in
           `path`_common. */
        .macro EXCEPTION path, vector, has_error=0
        .balign 16
\path\()_\vector:
        .if !\has_error
        pushq $0
        .endif
        movl $\vector, 4(%rsp)
        jmp \path\()_common
        .endm

        .macro EXCEPTIONS path
        EXCEPTION \path, 0
        EXCEPTION \path, 3
        EXCEPTION \path, 4
        EXCEPTION \path, 5
        EXCEPTION \path, 6
        EXCEPTION \path, 7
        EXCEPTION \path, 9
        EXCEPTION \path, 10, 1
        EXCEPTION \path, 11, 1
        EXCEPTION \path, 12, 1
        EXCEPTION \path, 13, 1
        EXCEPTION \path, 14, 1
        EXCEPTION \path, 16
        EXCEPTION \path, 17, 1
        EXCEPTION \path, 19
        EXCEPTION \path, 20
        EXCEPTION \path, 21, 1
        EXCEPTION \path, 128
        .endm

        /* For the IDT: where the stubs are, from the table on, by vector. 0: no
           such exception. The last one is vector 128. */
        .macro EXCEPTION_TABLE path
        .balign 4
        .globl \path\()_table
\path\()_table:
        .irp vector, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
        .long \path\()_\vector - \path\()_table
        .endr
        .long 0
        .irp vector, 16, 17, 18, 19, 20, 21, 128
        .long \path\()_\vector - \path\()_table
        .endr
        .endm

        .macro IRQ_STUBS name, common
        .balign IRQ_STUB_SIZE
        .globl \name
\name:
        .set vector, 32
        .rept 224
        .balign IRQ_STUB_SIZE
        pushq $0
        movl $vector, 4(%rsp)
        jmp \common
        .set vector, vector + 1
        .endr
        .endm

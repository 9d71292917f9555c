/* SPDX-License-Identifier: MIT */
/*
 * Page-table isolation: the first instructions of every way in and the last of
 * every way out, on processors that forward supervisor memory to guests under
 * speculation. While a guest runs, only this section and what lies in
 * .bss.entry is mapped of the hypervisor (arch/mm/isolation.cpp).
 *
 * Whoever comes in does so on the CPU's entry page, loads the hypervisor's own
 * root, moves to the stack that he would have come in on without isolation, and
 * goes on in entry.S. No general register of a guest stays behind here.
 */
#include "arch/cpu/entry_macros.h"

        .section .bss.entry, "aw", @nobits
        .balign ENTRY_PAGE_SIZE
        .globl entry_pages
entry_pages:
        .skip MAX_CPUS * ENTRY_PAGE_SIZE

        .section .text.entry, "ax"

/* ---- SYSCALL ------------------------------------------------------------ */

        .macro ISOLATED_SYSCALL_STUBS plain
        .set cpu, 0
        .rept MAX_CPUS
        .balign SYSCALL_STUB_SIZE
        mov %rax, entry_pages + cpu * ENTRY_PAGE_SIZE + ENTRY_SCRATCH(%rip)
        mov entry_pages + cpu * ENTRY_PAGE_SIZE + ENTRY_OWN_ROOT(%rip), %rax
        mov %rax, %cr3
        mov entry_pages + cpu * ENTRY_PAGE_SIZE + ENTRY_SCRATCH(%rip), %rax
        movq $0, entry_pages + cpu * ENTRY_PAGE_SIZE + ENTRY_SCRATCH(%rip)
        jmp \plain + cpu * SYSCALL_STUB_SIZE
        .set cpu, cpu + 1
        .endr
        .endm

        .balign SYSCALL_STUB_SIZE
        .globl isolated_syscall_stubs
isolated_syscall_stubs:
        ISOLATED_SYSCALL_STUBS syscall_stubs
        .balign SYSCALL_STUB_SIZE
        .globl isolated_compat_syscall_stubs
isolated_compat_syscall_stubs:
        ISOLATED_SYSCALL_STUBS compat_syscall_stubs

/* ---- exceptions and interrupts ------------------------------------------- */

        /* From here on under the hypervisor's root. `below`: bytes on the stack
           that ends at `top` of the entry page. %rax: the end of the CPU's block. */
        .macro LOAD_OWN_ROOT top, below
        mov ENTRY_OWN_ROOT - (\top - (\below))(%rsp), %rax
        mov %rax, %cr3
        mov ENTRY_BLOCK_END - (\top - (\below))(%rsp), %rax
        .endm

        /* Moves the six words of an exception to the stack at %rax. They lie
           `above` bytes up the old one, right above what was %rax. */
        .macro MOVE_FRAME above
        xchg %rsp, %rax
        .irp word, 40, 32, 24, 16, 8, 0
        pushq \above + \word(%rax)
        .endr
        pushq \above - 8(%rax)
        movq $0, \above - 8(%rax)
        pop %rax
        .endm

        EXCEPTIONS isolated_exception

isolated_exception_common:
        push %rax
        testb $3, 24(%rsp)
        jz 1f
        LOAD_OWN_ROOT ENTRY_TOP, 56
        MOVE_FRAME 8
        jmp exception_common
        /* Our own fault, under our own root on our own stack, unless it was IRET
           that refused what a guest had made. Then let it look as if the IRET of
           entry.S had, on the main stack: the CPU aligns the stack by a word. */
1:      lea isolated_iretq(%rip), %rax
        cmp %rax, 16(%rsp)
        je 3f
        pop %rax
        jmp exception_common
3:      lea guest_iretq(%rip), %rax
        mov %rax, 16(%rsp)
        LOAD_OWN_ROOT ENTRY_TOP, ENTRY_FRAME_SIZE + 8 + 56
        sub $(ENTRY_FRAME_SIZE + 8), %rax
        MOVE_FRAME 8
        jmp exception_common

        IRQ_STUBS isolated_irq_stubs, isolated_irq

isolated_irq:
        push %rax
        testb $3, 24(%rsp)
        jz 1f
        LOAD_OWN_ROOT ENTRY_TOP, 56
        MOVE_FRAME 8
        jmp irq_common
1:      pop %rax
        jmp irq_common

/* ---- on stacks of their own ------------------------------------------------- */

        /* They come at any time, also between a change of roots and what follows
           it: they go back to the root that they found. */
        .macro ISOLATED_IST top, stack
        mov %cr3, %rax
        push %rax
        LOAD_OWN_ROOT \top, 64
        lea \stack - CPU_BLOCK_SIZE(%rax), %rax
        MOVE_FRAME 16
        PUSH_REGISTERS
        CLEAN_FLAGS
        mov %rsp, %rdi
        CALL_C ist_entry
        mov %rsp, %rax
        and $-CPU_BLOCK_SIZE, %rax
        mov LOCAL_ENTRY_FRAME(%rax), %rax
        sub $(ENTRY_TOP - ENTRY_FRAME_SIZE - (\top - 64)), %rax
        mov FRAME_RAX(%rsp), %rcx
        mov %rcx, 8(%rax)
        mov %rax, FRAME_ERROR(%rsp)
        POP_REGISTERS
        pop %rsp
        jmp isolated_ist_return
        .endm

        .macro ISOLATED_IST_ENTRY vector, top, stack, has_error=0
        .balign 16
isolated_exception_\vector:
        .if !\has_error
        pushq $0
        .endif
        movl $\vector, 4(%rsp)
        push %rax
        ISOLATED_IST \top, \stack
        .endm

        ISOLATED_IST_ENTRY 2, ENTRY_NMI_TOP, NMI_STACK_TOP
        ISOLATED_IST_ENTRY 18, ENTRY_MCE_TOP, MCE_STACK_TOP
        ISOLATED_IST_ENTRY 8, ENTRY_DF_TOP, DF_STACK_TOP, 1

        .balign 16
isolated_exception_1:
        pushq $0
        movl $1, 4(%rsp)
        push %rax
        testb $3, 24(%rsp)
        jz 1f
        /* A guest's debug exception is an ordinary one. */
        LOAD_OWN_ROOT ENTRY_DB_TOP, 56
        MOVE_FRAME 8
        jmp exception_common
1:      ISOLATED_IST ENTRY_DB_TOP, DB_STACK_TOP

isolated_ist_return:
        pop %rax
        mov %rax, %cr3
        pop %rax
        movq $0, -8(%rsp)
        add $8, %rsp
        iretq

/* ---- back to the guest; %rsp is what IRET needs, all else is the guest's ------- */

        .macro LOAD_GUEST_ROOT
        push %rax
        mov ENTRY_GUEST_ROOT - (ENTRY_TOP - ENTRY_FRAME_SIZE - 8)(%rsp), %rax
        mov %rax, %cr3
        pop %rax
        movq $0, -8(%rsp)
        .endm

        .globl isolated_sysret
isolated_sysret:
        LOAD_GUEST_ROOT
        mov ENTRY_FRAME_RSP(%rsp), %rsp
        sysretq

        .globl isolated_iret
isolated_iret:
        LOAD_GUEST_ROOT
isolated_iretq:                         /* may fault: see isolated_exception_common */
        iretq

        .section .rodata
        EXCEPTION_TABLE isolated_exception

        .section .note.GNU-stack, "", @progbits

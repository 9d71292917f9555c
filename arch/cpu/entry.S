/* SPDX-License-Identifier: MIT */
/*
 * Every way into the hypervisor and every way out.
 *
 * The stack pointer alone tells which CPU this is (percpu.hpp), so nothing
 * here uses a segment base and the guest keeps both of its GS bases in
 * hardware. SYSCALL does not switch stacks: each CPU has an entry stub of its
 * own that knows its stack by address.
 *
 * The guest's registers lie at the top of the CPU's main stack, from FRAME_SIZE
 * below the end. Interrupts are off in all of this file.
 */
#include "arch/cpu/entry_macros.h"

        .section .bss.cpu_blocks, "aw", @nobits
        .balign CPU_BLOCK_SIZE
        .globl cpu_blocks
cpu_blocks:
        .skip MAX_CPUS * CPU_BLOCK_SIZE

        .text

/* ---- SYSCALL ------------------------------------------------------------ */

        /* One stub a CPU, each SYSCALL_STUB_SIZE bytes. */
        .macro SYSCALL_STUBS common
        .set cpu, 0
        .rept MAX_CPUS
        .balign SYSCALL_STUB_SIZE
        mov %rsp, cpu_blocks + (cpu + 1) * CPU_BLOCK_SIZE - FRAME_SIZE + FRAME_RSP(%rip)
        movq $SEL_USER_DS, cpu_blocks + (cpu + 1) * CPU_BLOCK_SIZE - FRAME_SIZE + FRAME_SS(%rip)
        lea cpu_blocks + (cpu + 1) * CPU_BLOCK_SIZE - FRAME_SIZE + FRAME_RSP(%rip), %rsp
        jmp \common
        .set cpu, cpu + 1
        .endr
        .endm

        .macro SYSCALL_FRAME selector
        push %r11                       /* RFLAGS, cleaned by SFMASK for us */
        pushq $\selector
        push %rcx                       /* RIP */
        pushq $0
        movl $VECTOR_SYSCALL, 4(%rsp)
        PUSH_REGISTERS
        xor %ebp, %ebp
        mov %rsp, %rdi
        .endm

        .balign SYSCALL_STUB_SIZE
        .globl syscall_stubs
syscall_stubs:
        SYSCALL_STUBS syscall_common
        .balign SYSCALL_STUB_SIZE
        .globl compat_syscall_stubs     /* 32-bit code comes in here, on AMD */
compat_syscall_stubs:
        SYSCALL_STUBS compat_syscall_common

        .balign 16
compat_syscall_common:
        SYSCALL_FRAME SEL_USER_CS32
        CALL_C compat_syscall_entry
        jmp return_to_guest

        .balign 16
syscall_common:
        SYSCALL_FRAME SEL_USER_CS
        CALL_C syscall_entry
        /* fall through */

/* ---- back to the guest; %rsp is its frame -------------------------------- */

        .globl return_to_guest
return_to_guest:
        cmpl $0, LOCAL_OF_FRAME(LOCAL_WORK_DUE)
        jne 2f
        /* An event that is pending and not masked: first byte set, second not. */
        mov LOCAL_OF_FRAME(LOCAL_CURRENT_INFO), %rax
        movzwl (%rax), %eax
        test %al, %al
        je 1f
        test %ah, %ah
        je 3f
1:      cmpl $VECTOR_SYSCALL, FRAME_VECTOR(%rsp)
        jne restore_iret
        /* SYSRET faults in ring 0 on a non-canonical RIP: those take IRET. */
        mov FRAME_RIP(%rsp), %rax
        sar $47, %rax                   /* 0 or -1, or more bits than a sign */
        inc %rax
        cmp $1, %rax
        ja restore_iret
        cmpb $0, exit_steps(%rip)
        jne sysret_with_steps
restore_sysret:
        POP_REGISTERS
        mov FRAME_RIP - FRAME_ERROR(%rsp), %rcx
        mov FRAME_RFLAGS - FRAME_ERROR(%rsp), %r11
        mov FRAME_RSP - FRAME_ERROR(%rsp), %rsp
        sysretq

2:      mov %rsp, %rdi
        CALL_C prepare_return
        jmp 1b

3:      mov %rsp, %rdi
        CALL_C deliver_event
        cmpl $0, LOCAL_OF_FRAME(LOCAL_WORK_DUE)
        je 1b
        jmp 2b                          /* a guest without a usable stack has crashed */

restore_iret:
        cmpb $0, exit_steps(%rip)
        jne iret_with_steps
plain_iret:
        POP_REGISTERS
        add $8, %rsp
        .globl guest_iretq
guest_iretq:                            /* may fault: see own_exception */
        iretq

        /* What the CPU's buffers hold of others is cleared (SP-F) before the
           guest's own registers go through them. */
sysret_with_steps:
        jns isolated_restore_sysret
        verw verw_selector(%rip)
        cmpb $0, isolation_on(%rip)
        je restore_sysret
        jmp isolated_restore_sysret
iret_with_steps:
        jns isolated_restore_iret
        verw verw_selector(%rip)
        cmpb $0, isolation_on(%rip)
        je plain_iret
        jmp isolated_restore_iret

        /* With page-table isolation the last steps are on the CPU's entry page,
           which the guest's view maps (isolated_entry.S). */
isolated_restore_sysret:
        mov LOCAL_OF_FRAME(LOCAL_ENTRY_FRAME), %rdi
        mov FRAME_RSP(%rsp), %rax
        mov %rax, ENTRY_FRAME_RSP(%rdi)
        POP_REGISTERS
        mov FRAME_RIP - FRAME_ERROR(%rsp), %rcx
        mov FRAME_RFLAGS - FRAME_ERROR(%rsp), %r11
        mov LOCAL_OF_FRAME(LOCAL_ENTRY_FRAME - FRAME_ERROR), %rsp
        jmp isolated_sysret

isolated_restore_iret:
        mov LOCAL_OF_FRAME(LOCAL_ENTRY_FRAME), %rdi
        .irp offset, 0, 8, 16, 24, 32
        mov FRAME_RIP + \offset(%rsp), %rax
        mov %rax, \offset(%rdi)
        .endr
        POP_REGISTERS
        mov LOCAL_OF_FRAME(LOCAL_ENTRY_FRAME - FRAME_ERROR), %rsp
        jmp isolated_iret

/* ---- exceptions ----------------------------------------------------------- */

        EXCEPTIONS exception

        .globl exception_common
exception_common:
        PUSH_REGISTERS
        CLEAN_FLAGS
exception_saved:
        mov %rsp, %rdi
        testb $3, FRAME_CS(%rsp)
        jz 1f
        xor %ebp, %ebp                  /* a backtrace ends at the guest */
        CALL_C guest_exception_entry
        jmp return_to_guest
1:      CALL_C own_exception_entry
        mov %rax, %rsp                  /* the frame to go on with */
        testb $3, FRAME_CS(%rsp)
        jnz return_to_guest
restore_hypervisor:
        POP_REGISTERS
        add $8, %rsp
        iretq

/* ---- interrupts ------------------------------------------------------------ */

        IRQ_STUBS irq_stubs, irq_common

        .globl irq_common
irq_common:
        PUSH_REGISTERS
        CLEAN_FLAGS
        mov FRAME_VECTOR(%rsp), %edi
        testb $3, FRAME_CS(%rsp)
        jz 1f
        xor %ebp, %ebp
        CALL_C irq_entry
        jmp return_to_guest
1:      CALL_C irq_entry
        jmp restore_hypervisor

/* ---- on stacks of their own ------------------------------------------------- */

        .macro IST_ENTRY name, vector, has_error=0
        .balign 16
\name:
        .if !\has_error
        pushq $0
        .endif
        movl $\vector, 4(%rsp)
        PUSH_REGISTERS
        CLEAN_FLAGS
        .endm

        IST_ENTRY exception_1, 1
        testb $3, FRAME_CS(%rsp)
        jz ist_common
        /* A guest's debug exception is an ordinary one: move it to the main stack. */
        mov %rsp, %rsi
        mov %rsp, %rax
        and $~(CPU_BLOCK_SIZE - 1), %rax
        add $(CPU_BLOCK_SIZE - FRAME_SIZE), %rax
        mov %rax, %rdi
        mov $(FRAME_SIZE / 8), %ecx
        rep movsq
        mov %rax, %rsp
        jmp exception_saved

        IST_ENTRY exception_2, 2
        jmp ist_common
        IST_ENTRY exception_18, 18
        jmp ist_common
        IST_ENTRY exception_8, 8, 1
ist_common:
        mov %rsp, %rdi
        CALL_C ist_entry
        jmp restore_hypervisor

/* ---- leaving start-up -------------------------------------------------------- */

        .globl start_return_to_guest
start_return_to_guest:                  /* %rdi: end of this CPU's block */
        lea -FRAME_SIZE(%rdi), %rsp
        mov %rsp, %rdi
        CALL_C prepare_return
        jmp return_to_guest

/* ---- tables for the IDT -------------------------------------------------------- */

        .section .rodata
        EXCEPTION_TABLE exception

        .section .note.GNU-stack, "", @progbits

// SPDX-License-Identifier: MIT
// From the boot loader's 32-bit mode to arch_main() in long mode at the
// hypervisor's own addresses. The tables built here map the first 4 GiB, rwx,
// three times: at 0 (where this code runs), at the image's base and at the
// start of the direct map. init_paging() replaces them; other processors use
// the same frames once more (ap_tables.cpp).

#include "arch/boot/multiboot_magic.h"

    .set SLOT_IMAGE, 261
    .set SLOT_DIRECT, 262
    .set PTE_TABLE, 0x3                 // present, writable
    .set PTE_LARGE, 0x83                // and a 2 MiB page
    .set CR0_PG_WP, 0x80010000
    .set CR4_PAE, 0x20
    .set MSR_EFER, 0xc0000080
    .set EFER_LME, 0x100
    .set CPUID_LONG_MODE, 29
    .set COM1, 0x3f8

    .section .boot.text, "ax"
    .code32
    .globl boot_start
boot_start:
    cli
    cld
    movl %eax, %ebp                     // who loaded us
    movl %ebx, %esi                     // and what it has to say
    movl $boot_stack_top, %esp

    // A processor without long mode must say so, not reset.
    movl $0x80000000, %eax
    cpuid
    cmpl $0x80000001, %eax
    jb no_long_mode
    movl $0x80000001, %eax
    cpuid
    btl $CPUID_LONG_MODE, %edx
    jnc no_long_mode

    // L2: 2048 entries of 2 MiB in four tables that lie in a row.
    movl $boot_l2, %edi
    movl $PTE_LARGE, %eax
1:  movl %eax, (%edi)
    movl $0, 4(%edi)
    addl $8, %edi
    addl $0x200000, %eax
    jnc 1b

    // L3: the four of them.
    movl $boot_l3, %edi
    movl $boot_l2 + PTE_TABLE, %eax
    movl $4, %ecx
1:  movl %eax, (%edi)
    addl $8, %edi
    addl $0x1000, %eax
    loop 1b

    movl $boot_l3 + PTE_TABLE, %eax
    movl %eax, boot_l4
    movl %eax, boot_l4 + 8 * SLOT_IMAGE
    movl %eax, boot_l4 + 8 * SLOT_DIRECT

    movl %cr4, %eax
    orl $CR4_PAE, %eax
    movl %eax, %cr4
    movl $boot_l4, %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    rdmsr
    orl $EFER_LME, %eax
    wrmsr
    movl %cr0, %eax
    orl $CR0_PG_WP, %eax
    movl %eax, %cr0
    lgdt boot_gdt_pointer
    ljmp $8, $boot_start64

no_long_mode:
    movl $no_long_mode_text, %esi
1:  movl $COM1 + 5, %edx
2:  inb %dx, %al
    testb $0x20, %al                    // transmitter empty; reads 0xff without a UART
    jz 2b
    lodsb
    testb %al, %al
    jz 3f
    movl $COM1, %edx
    outb %al, %dx
    jmp 1b
3:  hlt
    jmp 3b

    .code64
boot_start64:
    xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    movl $16, %eax
    movl %eax, %ss
    // CPU 0's main stack; the guest's frame keeps its place at the very top.
    movabsq $boot_cpu_stack, %rsp
    movl %ebp, %edi
    xorl %ebp, %ebp                     // backtraces end here
    movl %esi, %esi
    movabsq $arch_main, %rax
    callq *%rax
    ud2

    .section .boot.rodata, "a"
no_long_mode_text:
    .asciz "\r\n(GR) PANIC this processor has no 64-bit mode\r\n"
    .balign 8
    .globl boot_gdt
boot_gdt:                               // "accessed" is set: nobody need write here
    .quad 0
    .quad 0x00af9b000000ffff            // 8: code, 64-bit
    .quad 0x00cf93000000ffff            // 16: data
    .quad 0x00cf9b000000ffff            // 24: code, 32-bit, for other processors
boot_gdt_pointer:
    .short . - boot_gdt - 1
    .long boot_gdt

    // First the tables, in this order: ap_tables.cpp relies on it.
    .section .boot.bss, "aw", @nobits
    .balign 4096
    .globl boot_l4
boot_l4: .skip 4096
boot_l3: .skip 4096
boot_l2: .skip 4 * 4096
    .skip 256
boot_stack_top:

    .section .note.GNU-stack, "", @progbits

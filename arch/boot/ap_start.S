// SPDX-License-Identifier: MIT
// From a start-up interrupt to ap_main() in long mode. A processor begins in
// real mode below 1 MiB, so a few bytes are copied there; they leave for the
// image before paging is on, so no page below 1 MiB is ever executable. The
// rest runs where the image was loaded, under the tables of arch/boot, which
// by then map nothing at 0 but this code (ap_tables.cpp).

    .set PTE_START_CR0, 0x80010011      // paging, write protection, ET, PE
    .set CR4_PAE, 0x20
    .set MSR_EFER, 0xc0000080
    .set EFER_LME_NXE, 0x900
    .set GDT_DATA, 16
    .set GDT_CODE32, 24
    .set GDT_BYTES, 32

    // Copied to the start of a page, whose number is the start-up vector.
    .section .rodata.ap_trampoline, "a"
    .globl ap_trampoline, ap_trampoline_end
    .code16
ap_trampoline:
    cli
    cld
    movw %cs, %ax
    movw %ax, %ds
    lgdtl ap_gdt_pointer - ap_trampoline
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $GDT_CODE32, $ap_start32
ap_gdt_pointer:
    .short GDT_BYTES - 1
    .long boot_gdt
ap_trampoline_end:

    .section .boot.text, "ax"
    .code32
ap_start32:
    movl $GDT_DATA, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl $CR4_PAE, %eax
    movl %eax, %cr4
    movl $boot_l4, %eax
    movl %eax, %cr3
    movl $MSR_EFER, %ecx
    rdmsr
    orl $EFER_LME_NXE, %eax
    wrmsr
    movl $PTE_START_CR0, %eax
    movl %eax, %cr0
    ljmp $8, $ap_start64

    .code64
ap_start64:
    // Whoever comes too late finds the place taken and stays here.
    xorl %eax, %eax
    movabsq $ap_stack, %rbx
    xchgq %rax, (%rbx)
    testq %rax, %rax
    jz 1f
    movq %rax, %rsp
    xorl %ebp, %ebp                     // backtraces end here
    movabsq $ap_main, %rax
    callq *%rax
1:  cli
    hlt
    jmp 1b

    .section .note.GNU-stack, "", @progbits

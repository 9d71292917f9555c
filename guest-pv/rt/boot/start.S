// SPDX-License-Identifier: MIT
// The first instructions of a guest, and the two ways into it later: events
// and exceptions. The builder enters `start` with RSI = start_info; a guest that
// wants to see what else it begins with has a `guest_entry` of its own, which goes
// on to `start`.

.section .text.start, "ax"
.weak guest_entry
guest_entry:
.globl start
start:
    cld
    lea boot_stack_end(%rip), %rsp
    xor %ebp, %ebp
    mov %rsi, %rdi
    call rt_start
    ud2

// An upcall has nothing to do: it only ends SCHEDOP_block, after which the
// scheduler collects what is pending. The mask stays set, as every upcall sets
// it. All runs in ring 3 and IF cannot change there, so a plain iretq returns;
// it wants back the CS privilege bits that the hypervisor cleared to say "from
// kernel mode".
.globl event_upcall
event_upcall:
    pop %rcx
    pop %r11
    orb $3, 8(%rsp)
    iretq

// Exceptions: complete the hypervisor's frame to a `Registers` (exception.hpp).
// Counting from the 16-byte boundary at which the hypervisor began its frame,
// 22 words have been pushed before the call: the stack is aligned for C++.
.macro exception vector:req, has_error_code=0
    .pushsection .rodata
    .quad 1f
    .popsection
1:  pop %rcx
    pop %r11
    .if \has_error_code == 0
    push $0
    .endif
    push $\vector
    jmp exception_common
.endm

.pushsection .rodata
.balign 8
.globl exception_entries
exception_entries:
.popsection

exception 0
exception 1
exception 2
exception 3
exception 4
exception 5
exception 6
exception 7
exception 8, has_error_code=1
exception 9
exception 10, has_error_code=1
exception 11, has_error_code=1
exception 12, has_error_code=1
exception 13, has_error_code=1
exception 14, has_error_code=1
exception 15
exception 16
exception 17, has_error_code=1
exception 18
exception 19

exception_common:
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
    cld
    mov %rsp, %rdi
    sub $512, %rsp
    fxsave64 (%rsp)
    call handle_exception
    fxrstor64 (%rsp)
    add $512, %rsp
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
    add $16, %rsp
    orb $3, 8(%rsp)
    iretq

.bss
.balign 4096
    .skip 128 * 1024
boot_stack_end:

.section .note.GNU-stack, "", @progbits

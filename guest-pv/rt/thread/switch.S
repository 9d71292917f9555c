// SPDX-License-Identifier: MIT
// Changing stacks. What a function call preserves is kept on the old stack:
// six registers and the control words of both floating point units.

.text
// void switch_stack(u64* save_rsp /* rdi */, u64 load_rsp /* rsi */)
.globl switch_stack
switch_stack:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret

.section .note.GNU-stack, "", @progbits

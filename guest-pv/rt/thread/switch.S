// SPDX-License-Identifier: MIT
// Changing stacks. What a function call preserves is kept on the old stack:
// six registers and the control words of both floating point units.
#include "guest-pv/rt/thread/callee_saved.inc"

.text
// void switch_stack(u64* save_rsp /* rdi */, u64 load_rsp /* rsi */)
.globl switch_stack
switch_stack:
    PUSH_CALLEE_SAVED
    sub $8, %rsp
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $8, %rsp
    POP_CALLEE_SAVED
    ret

.section .note.GNU-stack, "", @progbits

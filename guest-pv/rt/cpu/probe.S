// SPDX-License-Identifier: MIT
// Accesses that may fault. On a fault the exception code continues at
// probe_failed, which reports failure to the caller: nothing is on the stack.

.text
// bool try_read(u64 const* from /* rdi */, u64* value /* rsi */)
.globl probe_read
probe_read:
    mov (%rdi), %rax
    mov %rax, (%rsi)
    mov $1, %eax
    ret

// bool try_write(u64* to /* rdi */, u64 value /* rsi */)
.globl probe_write
probe_write:
    mov %rsi, (%rdi)
    mov $1, %eax
    ret

.globl probe_failed
probe_failed:
    xor %eax, %eax
    ret

.section .note.GNU-stack, "", @progbits

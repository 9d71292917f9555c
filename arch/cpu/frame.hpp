// SPDX-License-Identifier: MIT
// The registers of whoever was interrupted, as the entry code in entry.S pushes
// them. At the very top of a CPU's main stack lies the guest's frame.
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

struct Frame {
    u64 r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8;
    u64 rax, rcx, rdx, rsi, rdi;
    u32 error_code;
    u32 vector;
    u64 rip;
    u64 cs;
    u64 rflags;
    u64 rsp;
    u64 ss;
};
static_assert(sizeof(Frame) == 21 * 8);

}  // namespace arch

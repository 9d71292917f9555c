// SPDX-License-Identifier: MIT
// CPU exceptions. Unless somebody handles one it ends the guest with a report
// of registers and call trace.
#pragma once

#include <functional>

#include "kernel/base/types.hpp"

namespace rt {

// As the entry stubs store it, lowest address first. Interrupted code
// continues with whatever a handler leaves here.
struct Registers {
    u64 r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
    u64 vector;
    u64 error_code;
    u64 rip, cs, rflags, rsp, ss;
};
static_assert(sizeof(Registers) == 22 * 8);

enum class Vector : u8 {
    divide_error = 0,
    debug = 1,
    nmi = 2,
    breakpoint = 3,
    invalid_opcode = 6,
    double_fault = 8,
    general_protection = 13,
    page_fault = 14,
    alignment_check = 17,
};

// The handler returns true to resume with the registers it leaves.
using ExceptionHandler = std::function<bool(Registers&)>;
void on_exception(Vector vector, ExceptionHandler handler);

// Address of the latest page fault.
u64 fault_address();

// Access memory that may not be there: false instead of a crash.
bool try_read(u64 const* from, u64& value);
bool try_write(u64* to, u64 value);

}  // namespace rt

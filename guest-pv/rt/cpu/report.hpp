// SPDX-License-Identifier: MIT
// The last words of a guest: cause, registers, call trace. Written straight to
// the console without memory allocation, for the heap may be what broke.
#pragma once

#include "guest-pv/rt/cpu/exception.hpp"

namespace rt {

void report_exception(Registers const& registers);

// "function+0x1c"
void write_place(u64 address);
void write_number(u64 value);

// Return addresses along the chain of frame pointers that starts at `frame`.
void report_call_trace(u64 first, u64 frame);

}  // namespace rt

// SPDX-License-Identifier: MIT
// The CPU's debug registers. Which of a guest's values get here: arch/pv/debugreg.
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

inline constexpr u64 dr7_none = 0x400;          // no breakpoint is on
inline constexpr u64 dr6_nothing = 0xffff0ff0;  // no breakpoint was hit

// `n` < 4.
void set_breakpoint_address(unsigned n, u64 address);
void set_dr7(u64 value);
// DR6, which tells of nothing afterwards.
u64 take_dr6();

}  // namespace arch

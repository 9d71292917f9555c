// SPDX-License-Identifier: MIT
// System time from the time-stamp counter, and this CPU's one-shot timer. The
// core's questions about both are in kernel/machine/cpu.hpp.
#pragma once

#include "arch/platform/reference_clock.hpp"

namespace arch {

// Measures the TSC; system time starts to run at 0.
void init_clock(ReferenceClock const& reference);
// Chooses the kind of timer, and measures it if it has a clock of its own.
void init_timer();

// Microseconds from now, by the TSC.
void spin(u64 micros);

}  // namespace arch

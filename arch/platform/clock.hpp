// SPDX-License-Identifier: MIT
// System time from the time-stamp counter, and this CPU's one-shot timer. The
// core's questions about both are in kernel/machine/cpu.hpp.
#pragma once

#include "arch/platform/reference_clock.hpp"

namespace arch {

// Measures the TSC; system time starts to run at 0.
void init_clock(ReferenceClock const& reference);
// Boot CPU: as init_cpu_timer, and measures a timer that has a clock of its own.
void init_timer();
// Each CPU: the kind of timer this machine has, not running.
void init_cpu_timer();

// Microseconds from now, by the TSC.
void spin(u64 micros);

}  // namespace arch

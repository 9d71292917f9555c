// SPDX-License-Identifier: MIT
// Which processors take part, and how they reach each other. CPUs are numbered
// without gaps, in the order in which they joined.
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

// This CPU can answer interrupts and run guests from now on.
void join_online_cpus();

// Halts every other CPU for good, wherever it is: the machine is about to end.
void stop_other_cpus();
// True when that is why this CPU got an NMI; it must not go on.
[[nodiscard]] bool stop_requested();
[[noreturn]] void stop_here();

}  // namespace arch

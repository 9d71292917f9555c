// SPDX-License-Identifier: MIT
// How many interrupts there were, for the monitor.
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

u64 interrupt_count(u8 vector);
// Interrupts with a vector that nobody had claimed (IO-7).
u64 unknown_interrupts();

}  // namespace arch

// SPDX-License-Identifier: MIT
// Interrupts that nothing holds off, at a steady rate and for all CPUs: the
// HPET's, through an IO-APIC input whose edges are NMIs. What is started and
// stopped is kernel/machine/sampling.hpp.
#pragma once

#include "arch/cpu/frame.hpp"

namespace arch {

// From the NMI handler: notes what it interrupted.
void take_sample(Frame const& f);

}  // namespace arch

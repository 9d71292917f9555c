// SPDX-License-Identifier: MIT
// Finding and starting what stands around the processors.
#pragma once

#include "kernel/base/fixed_vector.hpp"
#include "kernel/init/boot_info.hpp"

namespace arch {

// ACPI, interrupt controllers, clocks, this CPU's timer, the serial interrupt.
// Answers with what ACPI knows of processors: their APIC ids, ours among them.
FixedVector<u32, 64> init_platform(BootInfo const& info);

}  // namespace arch

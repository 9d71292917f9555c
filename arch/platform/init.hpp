// SPDX-License-Identifier: MIT
// Finding and starting what stands around the processors.
#pragma once

#include "kernel/init/boot_info.hpp"

namespace arch {

// ACPI, interrupt controllers, clocks, this CPU's timer, the serial interrupt.
void init_platform(BootInfo const& info);

}  // namespace arch

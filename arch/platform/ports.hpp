// SPDX-License-Identifier: MIT
// I/O ports the hypervisor keeps even from the hardware domain (CP-1).
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

[[nodiscard]] bool port_is_ours(u16 port);

// Ports that are known only at run time: power management, by ACPI's table.
void keep_ports(u16 first, u16 count);

}  // namespace arch

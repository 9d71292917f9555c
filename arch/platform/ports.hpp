// SPDX-License-Identifier: MIT
// I/O ports the hypervisor keeps even from the hardware domain (CP-1).
#pragma once

#include "arch/platform/acpi/tables.hpp"

namespace arch {

[[nodiscard]] bool port_is_ours(u16 port);

// Those that are known only at run time: power management, by ACPI's table.
void keep_ports(acpi::Power const& power);

}  // namespace arch

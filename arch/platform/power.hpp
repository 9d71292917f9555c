// SPDX-License-Identifier: MIT
// Switching the machine off and resetting it.
#pragma once

#include "arch/platform/acpi/discover.hpp"

namespace arch {

// Remembers how, and keeps the ports it takes from every domain.
void init_power(acpi::Machine const& machine);

}  // namespace arch

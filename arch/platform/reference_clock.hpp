// SPDX-License-Identifier: MIT
// Clocks of known frequency, to find out how fast the processor's counters run.
#pragma once

#include <string_view>

#include "arch/platform/acpi/discover.hpp"

namespace arch {

struct ReferenceClock {
    std::string_view name;
    u64 hz;
    u32 mask;       // the counter wraps behind it
    u32 (*read)();  // counts upwards
};

// The best one there is: HPET, ACPI's timer, or the interval timer every PC has.
ReferenceClock start_reference_clock(acpi::Machine const& machine);

}  // namespace arch

// SPDX-License-Identifier: MIT
// The host's answer to kernel/machine/pci.hpp: functions that a test plugs in.
#pragma once

#include <optional>
#include <vector>

#include "kernel/machine/pci.hpp"

namespace host {

struct PluggedFunction {
    machine::PciFunction where;
    machine::BarWords bars{};
    bool silent = false;
};
std::vector<PluggedFunction>& plugged_functions();

// One with 128 KiB of 32-bit memory at 0xfeb40000 and ports at 0xc000.
PluggedFunction plain_function(machine::PciFunction where);

}  // namespace host

// SPDX-License-Identifier: MIT
// Finding every function behind host bridge 0, through bridges.
#pragma once

#include <vector>

#include "drivers/pci/function.hpp"

namespace pci {

// In order of bus, device, function. Each bus is visited once however the
// bridges are numbered.
std::vector<Function> enumerate();

}  // namespace pci

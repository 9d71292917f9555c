// SPDX-License-Identifier: MIT
// The host's answer to kernel/machine/irq.hpp: lines that are open or not.
#pragma once

#include <set>

#include "kernel/machine/irq.hpp"

namespace host {

// Open lines.
std::set<u32>& open_pirqs();

}  // namespace host

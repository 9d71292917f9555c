// SPDX-License-Identifier: MIT
// Spreading what comes to a pool over both its queues, connection by connection
// (RSS within a pool, datasheet 7.10.3.5). Pool 0 has use for that: its frames
// are everybody's.
#pragma once

#include "drivers/io/mmio.hpp"

namespace nic::igb {

// After a reset and pools::start().
void spread_common_pool(io::Mmio const& regs);

}  // namespace nic::igb

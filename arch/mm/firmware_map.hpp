// SPDX-License-Identifier: MIT
// Reading what the firmware left in memory, wherever it is.
#pragma once

#include "arch/mm/paging.hpp"

namespace arch {

// Maps memory read-only and cached. inval: not an address; nomem.
Result<std::span<u8 const>> map_firmware(Maddr start, u64 bytes);

}  // namespace arch

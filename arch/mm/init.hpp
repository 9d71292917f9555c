// SPDX-License-Identifier: MIT
// Steps of start-up that memory takes part in; see also init_paging().
#pragma once

#include "kernel/init/boot_info.hpp"

namespace arch {

// Makes the master tables this CPU's address space, with no-execute, write
// protection and cache types as every CPU must have them.
void load_paging();

// Builds the frame table and the M2P and gives what memory is left to the frame
// allocator. After init_paging().
void hand_over_memory(BootInfo const& info);

}  // namespace arch

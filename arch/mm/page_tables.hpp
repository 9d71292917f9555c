// SPDX-License-Identifier: MIT
// Building four-level page tables (Intel SDM volume 3, 4.5) in frames that
// machine::frame_ptr reaches. Nothing here runs an instruction of the machine.
#pragma once

#include "arch/mm/paging.hpp"

namespace arch {

inline constexpr u64 page_2m = u64{1} << 21;
inline constexpr u64 page_1g = u64{1} << 30;
inline constexpr u64 pte_address = 0x000ffffffffff000;

// An empty table. Whoever builds tables answers: the hypervisor from what
// memory it has, tests from theirs.
Maddr new_table();

// The table of `level` (1 to 3) that translates `va`, made with all above it
// when missing. Upper entries allow everything: the leaf decides.
u64* table_for(Maddr root, u64 va, unsigned level);

// Maps [va, va + bytes) to memory from `start` on, with pages up to `largest`.
// All three are whole pages; nothing may be mapped there yet.
void map_range(Maddr root, u64 va, Maddr start, u64 bytes, u64 flags, u64 largest);

// The entry of the 4 KiB page at `va`, whose table exists.
u64& page_entry(Maddr root, u64 va);

}  // namespace arch

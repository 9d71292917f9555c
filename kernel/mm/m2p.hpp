// SPDX-License-Identifier: MIT
// The machine-to-physical table that guests read at hypervisor_start. Entry m
// holds the pfn that the owner of frame m knows it by, or all ones.
#pragma once

#include "kernel/base/types.hpp"

namespace mm {

// Hands over the table: an entry for each frame below `end`, all ones; only
// those of RAM need to exist. Boot only.
void init_m2p(u64* table, Mfn end);
void m2p_set(Mfn m, Pfn p);  // m must be RAM
Pfn m2p_get(Mfn m);          // pfn_none for frames that are not RAM

}  // namespace mm

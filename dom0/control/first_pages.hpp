// SPDX-License-Identifier: MIT
// What a guest finds beside its own image when it starts, in pages that belong
// to the ABI: events masked, grants for its two rings, a map of its memory.
#pragma once

#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace control {

// A vcpu takes events before its first instruction unless they are masked.
Result<> mask_events(DomId domain, Mfn shared_info);

// Backends of any kind reach the two rings through the table's first entries.
Result<> seed_grants(DomId domain, Mfn console, Mfn store);

// One piece of RAM from 0 up, which may be larger than what the domain has got:
// its balloon can grow into the rest.
Result<> set_memory_map(DomId domain, u64 bytes);

}  // namespace control

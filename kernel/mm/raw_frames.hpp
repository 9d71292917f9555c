// SPDX-License-Identifier: MIT
// Between the parts of kernel/mm only: blocks of frames without an owner.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm {

// Zeroed, one reference each. `below_bits`: as of alloc_domain_frames. nomem.
Result<Mfn> alloc_raw(unsigned order, unsigned below_bits);
// Frames without references and owner.
void free_raw(Mfn first, unsigned order);

}  // namespace mm

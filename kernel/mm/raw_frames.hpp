// SPDX-License-Identifier: MIT
// Between the parts of kernel/mm only: blocks of frames without an owner.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm {

// Zeroed, one reference each; `low`: below 4 GiB. nomem.
Result<Mfn> alloc_raw(unsigned order, bool low);
// Frames without references and owner.
void free_raw(Mfn first, unsigned order);

}  // namespace mm

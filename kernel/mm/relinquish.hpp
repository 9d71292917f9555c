// SPDX-License-Identifier: MIT
// The end of a domain's memory.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm {

// Takes every frame from an owner whose vcpus, grants and registered areas are
// gone already: no new frame can be assigned from the first call on, pinned
// tables are unpinned, half-done ones closed, and the owner's hold dropped.
// restart: not finished; call again. What others still map stays on the
// owner's list until they let go.
Result<> relinquish(PageOwner& owner);

// Whether no frame names this owner any more, so that it may be destroyed.
bool owns_nothing(PageOwner& owner);

}  // namespace mm

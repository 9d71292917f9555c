// SPDX-License-Identifier: MIT
// What is set aside for one domain, so that others cannot take it (D8): frames for
// grants, handles, event channels, and views of its roots.
#pragma once

#include "kernel/domain/domain.hpp"

namespace domains {

// Of that, what it has not made use of.
u64 promised_frames(Domain& d);
// It has ended, and will make use of nothing more.
void end_budgets(Domain& d);

}  // namespace domains

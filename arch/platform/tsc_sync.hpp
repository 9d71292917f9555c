// SPDX-License-Identifier: MIT
// Guests read the time-stamp counter on whichever CPU they run and must never
// see it go back. So before a CPU joins, its counter is held against the boot
// CPU's, and moved if it differs.
#pragma once

namespace arch {

// To be called on both CPUs at the same time. The new CPU's counter may change.
// The answer, for both: whether the counters agree as far as can be seen.
[[nodiscard]] bool sync_tsc_with_new_cpu();
[[nodiscard]] bool sync_tsc_of_new_cpu();

}  // namespace arch

// SPDX-License-Identifier: MIT
// The words of the grammar: for each kind of argument some that are right, some
// at the edges, and some that are somebody else's.
#pragma once

#include "guest-pv/apps/havoc/random.hpp"
#include "kernel/base/types.hpp"

namespace havoc {

// Machine frames: of the pool, of others, of the hypervisor, of nobody.
u64 frame(Random& r);
// As above, or a page table that this guest needs.
u64 frame_or_table(Random& r);
// An entry of a page table. What this guest needs is at most mapped for reading,
// unless it is a table and the hypervisor has to refuse it.
u64 entry(Random& r);
// Machine address of an entry that may be changed, or should not be.
u64 entry_address(Random& r);

u64 window_address(Random& r);
u64 address(Random& r);
// Where no argument should lie.
u64 hostile_address(Random& r);

u64 domain(Random& r);
u64 port(Random& r);
u64 grant_ref(Random& r);
u64 handle(Random& r);
u64 count(Random& r);  // small ones, limits, and ones that overflow
u64 vcpu(Random& r);
u64 time(Random& r);

}  // namespace havoc

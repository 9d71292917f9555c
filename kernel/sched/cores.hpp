// SPDX-License-Identifier: MIT
// All CPUs' run queues, how to lock the one a unit belongs to, and where units
// should be. A unit changes queues only under the locks of both.
#pragma once

#include "kernel/sched/core.hpp"
#include "kernel/sync/lock.hpp"

namespace sched::cores {

using LockedCore = Locked<Core, Rank::runqueue>;

LockedCore& of(CpuId cpu);
LockedCore::Guard lock_of(Unit const& u);

// Has a CPU choose again soon.
void request(CpuId cpu);

// Where a unit should wait: on an idle CPU if its affinity allows one, else
// where it was, for its cache is warm there.
CpuId best_for(Unit const& u);
// Moves a unit that does not run to `to`, without queueing it there.
void move(Unit& u, CpuId to);
// Queues a unit that has become able to run, where it is best off.
void place(Unit& u, Arrival how);
// The registers of a unit that ran on `me` are saved, but it may not run there
// again: takes it away. Whoever removes the unit from the scheduler takes a
// lock held here, so nothing looks at it afterwards.
void put_down(Unit& u, CpuId me);
// Has one of these CPUs, if it is idle, look for work.
void wake_idle(CpuMask among);

// Takes over a unit that waits elsewhere and should run here; false: none.
bool steal(CpuId me);

}  // namespace sched::cores

// SPDX-License-Identifier: MIT
// What the core asks of the machine about CPUs, time and interrupts.
// The hypervisor runs with interrupts off, except in the idle loop and inside
// preempt_pending(): interrupt handlers therefore never find a lock held.
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"

struct Vcpu;

namespace machine {

inline constexpr unsigned max_cpus = 32;

CpuId this_cpu();
unsigned online_cpus();
// The vcpu whose state is loaded on this CPU; null while idle.
Vcpu* current();

// Waits in a spin loop; answers TLB shoot-downs meanwhile.
void relax();

// Makes another CPU run its return-to-guest checks soon (IPI). On this CPU it
// only marks them due.
void kick(CpuId cpu);

// Nanoseconds since start-up; monotonic on all CPUs.
Nanos now();
u64 cycles();  // time-stamp counter
// Of those, the cycles in which a CPU had nothing to do, up to now.
u64 idle_cycles(CpuId cpu);
u32 tsc_khz();
Nanos wallclock_at_boot();  // Unix time, in nanoseconds, at system time 0

// One-shot timer interrupt of this CPU; a deadline in the past fires at once.
// timer_off = none. The interrupt calls sched::timer_interrupt().
inline constexpr Nanos timer_off = INT64_MAX;
void set_timer(Nanos deadline);

// Opens the interrupt window for an instant and says whether a long operation
// should stop and be continued later. Call it only without locks held.
bool preempt_pending();

// Leaves start-up behind: this CPU runs guests from now on.
[[noreturn]] void run_guests();

}  // namespace machine

// SPDX-License-Identifier: MIT
// The proportional-share scheduler: one run queue per physical CPU, credits by
// weight, a boost for vcpus that wake up. A CPU decides only on its way back to
// a guest, so nothing here ever switches stacks.
#pragma once

#include "kernel/domain/vcpu.hpp"

namespace sched {

void init_cpu(CpuId cpu);

// Called on the way back to a guest when resched_due(): charges the vcpu that
// ran, queues it if it still can run, and names the next one; null: idle.
// Programs the end of the slice.
Vcpu* pick();
[[nodiscard]] bool resched_due();
void set_resched_due();  // for this CPU

// The timer interrupt of this CPU.
void timer_interrupt();

void add(Vcpu& v);     // makes it known; offline
void remove(Vcpu& v);  // forgets it; it must not run anywhere

// The running vcpu sleeps until wake(). A wake() that came after the caller
// decided to sleep is not lost: the caller checks its condition after block().
void block(Vcpu& v);
void wake(Vcpu& v);   // blocked -> runnable, boosted; no effect else
void yield(Vcpu& v);
void bring_up(Vcpu& v);
void take_down(Vcpu& v);

// Re-evaluates a vcpu whose domain was paused, unpaused or shut down.
void refresh(Vcpu& v);
// Waits until `v` runs on no CPU (it must already be unable to run again).
void wait_until_off_cpu(Vcpu& v);

void set_weight(Vcpu& v, u32 weight, u32 cap);
void set_affinity(Vcpu& v, u64 cpus);

}  // namespace sched

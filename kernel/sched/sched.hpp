// SPDX-License-Identifier: MIT
// The proportional-share scheduler: one run queue per physical CPU, credits by
// weight, a boost for vcpus that wake up. A CPU decides only on its way back to
// a guest, so nothing here ever switches stacks.
#pragma once

#include "kernel/sched/unit.hpp"

struct Vcpu;

namespace sched {

void init_cpu(CpuId cpu);

// Called on the way back to a guest when resched_due(): charges the vcpu that
// ran, queues it if it still can run, and names the next one; null: idle.
// Programs the end of the slice.
Vcpu* pick();
[[nodiscard]] bool resched_due();
void set_resched_due();  // for this CPU
// The registers of a vcpu that pick() turned away are in memory: other CPUs may
// run it from now on.
void context_saved(Vcpu& v);

// The timer interrupt of this CPU. What it takes is not charged to who runs, but to those whose timers say
// so: each pays for what passed since the interrupt came, or since the one before it paid.
void timer_interrupt();
void pay_for_interrupt(Vcpu& v);

void add(Vcpu& v, Share& share);  // makes it known, with its domain's share; offline
void remove(Vcpu& v);             // forgets it; it must not run anywhere

// The running vcpu sleeps until wake(). A wake() that came after the caller
// decided to sleep is not lost: the caller checks its condition after block().
void block(Vcpu& v);
void wake(Vcpu& v);  // blocked -> runnable, boosted; no effect else
void yield(Vcpu& v);
void bring_up(Vcpu& v);
void take_down(Vcpu& v);

// Re-evaluates a vcpu whose domain was paused, unpaused or shut down.
void refresh(Vcpu& v);
// Waits until `v` runs on no CPU (it must already be unable to run again, and
// must not be the vcpu that runs here).
void wait_until_off_cpu(Vcpu& v);

// The share of its domain was set anew: to be called for each vcpu.
void share_changed(Vcpu& v);
// hard: the CPUs that it may use, at least one of them known; soft: of those,
// the ones it is put on when there is a choice.
void set_affinity(Vcpu& v, CpuMask hard, CpuMask soft);

// The books of a vcpu.
struct Times {
    State state = State::offline;
    Nanos entered = 0;             // when it entered that state
    std::array<Nanos, 4> total{};  // by State, up to `entered`
};
Times times(Vcpu& v);
// Nanoseconds (of weight 256) that `v` may still use before others come first.
s64 credit(Vcpu& v);

// Calls f(Vcpu const&, running) for who runs and who waits on `cpu`, best first.
using Visit = void (*)(Vcpu const& v, bool running, void* context);
void for_each_runnable(CpuId cpu, Visit f, void* context);

}  // namespace sched

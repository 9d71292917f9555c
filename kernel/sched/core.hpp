// SPDX-License-Identifier: MIT
// One physical CPU's scheduling decisions: who runs, for how long, and what it
// costs. Works under that CPU's run-queue lock; sched.cpp finds the right one.
#pragma once

#include "kernel/machine/cpu.hpp"
#include "kernel/sched/run_queue.hpp"

namespace sched {

// A vcpu that runs while others wait is looked at again after this long,
inline constexpr Nanos slice_length = 5'000'000;
// and one that was preferred for waking up keeps the preference for this long.
inline constexpr Nanos boost_length = 1'000'000;

// Whether a unit could run if it had a CPU.
bool can_run(Unit const& u);
// What a unit that cannot run is: blocked dominates.
State resting_state(Unit const& u);
// Charges the time since the last change to the old state.
void enter(Unit& u, State s, Nanos now);

class Core {
    RunQueue queue_;
    Unit* running_ = nullptr;
    CpuId id_{};
    Nanos slice_start_ = 0;
    Nanos slice_ = slice_length;

    void charge(Nanos now);
    void turn_away(Unit& u, Nanos now);
    void release_parked(Nanos now);
    [[nodiscard]] bool keeps_running(Nanos now) const;
    Unit* take_front();

  public:
    void init(CpuId id) { id_ = id; }
    [[nodiscard]] CpuId id() const { return id_; }
    [[nodiscard]] Unit* running() const { return running_; }
    [[nodiscard]] RunQueue const& queue() const { return queue_; }

    // Charges whoever ran and names who runs next; null: nobody here can.
    Unit* choose(Nanos now);
    // When to choose again although nothing happens; timer_off: never.
    [[nodiscard]] Nanos deadline() const;

    // A unit of this CPU became able to run. True when it should be looked at
    // soon. `waking` earns a boost while it has credit left.
    bool admit(Unit& u, Nanos now, bool waking);
    // A unit of this CPU lost the ability to run. True when it runs right now.
    bool withdraw(Unit& u, Nanos now);
    // The first waiting unit that may move to `to`; null: none. It stays here.
    [[nodiscard]] Unit* movable_to(CpuId to) const;
    // Moving: a unit that does not run here goes, with its credit, and one comes.
    s64 leave(Unit& u);
    void join(Unit& u, s64 credit);
};

}  // namespace sched

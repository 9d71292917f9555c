// SPDX-License-Identifier: MIT
// A fault that is made on purpose, so many times, by a timer: what is asked for,
// how often it was done, and the way to the next time. What the fault is, the
// owner of the plan says. Plan has a member `times`, and names its victim by
// number, so a domain that is made again by its number is still meant.
#pragma once

#include <optional>

#include "kernel/machine/cpu.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "kernel/sync/lock.hpp"

namespace monitor {

template <class Plan>
class FaultPlan {
  public:
    struct Progress {
        Plan plan;
        u64 done = 0;
        bool aimed = false;  // for who makes the fault: the step before has found the victim
    };

    // All but `step` are called under the lock of the plan.
    struct Maker {
        void (*step)();                             // where nothing is half done: calls go_on()
        void (*begun)(Plan const&) = [](auto&) {};  // in place of the plan before
        void (*ended)() = [] {};
        void (*count)(Progress&) = [](Progress&) {};  // what was done without a step
    };

    constexpr explicit FaultPlan(Maker const& maker) : maker_{maker}, stepping_{maker.step} {}

    // In place of the plan before.
    void begin(Plan const& plan) {
        auto w = work_.lock();
        w->progress = {.plan = plan};
        maker_.begun(plan);
        stepping_.request();
    }
    // No more is asked for than was done.
    void end() {
        auto w = work_.lock();
        maker_.ended();
        maker_.count(w->progress);
        w->progress.plan.times = w->progress.done;
    }
    [[nodiscard]] Progress progress() {
        auto w = work_.lock();
        maker_.count(w->progress);
        return w->progress;
    }

    // Has `work`, under the lock, do what is due or begin it, unless all is done.
    // It says how long after this the next step is; none: there is none.
    template <class F>
    void go_on(F work) {
        auto w = work_.lock();
        if (w->progress.done == w->progress.plan.times)
            return;
        std::optional<Nanos> const pause = work(w->progress);
        if (!pause)
            return;
        w->timer.fn = [](Timer&, void* self) { static_cast<FaultPlan*>(self)->stepping_.request(); };
        w->timer.context = this;
        timers::arm(w->timer, machine::now() + *pause);
    }

  private:
    struct Work {
        Progress progress;
        Timer timer;
    };

    Maker maker_;
    Locked<Work, Rank::monitor> work_;
    Deferred stepping_;
};

}  // namespace monitor

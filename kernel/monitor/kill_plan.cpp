// SPDX-License-Identifier: MIT
#include "kernel/monitor/kill_plan.hpp"

#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "kernel/sync/lock.hpp"

namespace monitor::kill_plan {
namespace {

// How often a victim that does not run is looked for.
constexpr Nanos look_interval = 1'000'000;

struct Work {
    Progress progress;
    bool aimed = false;  // the victim ran when the timer was set
    Timer timer;
};
constinit Locked<Work, Rank::monitor> work;

void step();
// Where nothing of the victim's is half done.
constinit Deferred stepping{step};

// Multiples of the golden ratio: no two alike, and spread evenly.
Nanos delay(Progress const& p) {
    u64 const spread = (p.done * 0x9e37'79b9'7f4a'7c15) >> 16;
    return p.plan.after + static_cast<Nanos>(spread % static_cast<u64>(p.plan.after));
}

void look_again(Work& w, Nanos in) {
    w.timer.fn = [](Timer&, void*) { stepping.request(); };
    timers::arm(w.timer, machine::now() + in);
}

// The victim, if it is to be ended now; sees to the next step.
DomainRef take_victim() {
    auto w = work.lock();
    Progress& p = w->progress;
    if (p.done == p.plan.times)
        return {};
    auto found = domains::find(p.plan.victim);
    DomainRef victim = found ? std::move(*found) : DomainRef{};
    bool const alive = victim && victim->may_run();
    bool const now = alive && w->aimed;
    w->aimed = alive && !now;
    if (now)
        ++p.done;
    look_again(*w, w->aimed ? delay(p) : look_interval);
    return now ? std::move(victim) : DomainRef{};
}

void step() {
    if (DomainRef const victim = take_victim())
        domains::crash(*victim, "the monitor was asked to end it");
}

}  // namespace

void begin(Plan const& plan) {
    auto w = work.lock();
    w->progress = {plan, 0};
    w->aimed = false;
    stepping.request();
}

void end() {
    auto w = work.lock();
    w->progress.plan.times = w->progress.done;
}

Progress progress() {
    return work.lock()->progress;
}

}  // namespace monitor::kill_plan

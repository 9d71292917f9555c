// SPDX-License-Identifier: MIT
#include "kernel/monitor/irq_plan.hpp"

#include "kernel/domain/irq_fault.hpp"
#include "kernel/domain/pirq_bindings.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "kernel/sync/lock.hpp"

namespace monitor::irq_plan {
namespace {

namespace irq_fault = evtchn::irq_fault;

constexpr Nanos ns_per_us = 1000;

struct Work {
    Plan plan;
    u64 raised = 0;
    Timer timer;
};
constinit Locked<Work, Rank::monitor> work;

void raise_once();
constinit Deferred raising{raise_once};

// A victim that is about to be made again has none, and is waited for.
void raise_once() {
    auto w = work.lock();
    if (w->plan.fault != Fault::raise || w->raised == w->plan.times)
        return;
    if (evtchn::pirq_bindings::raise_all_of(w->plan.victim) != 0)
        ++w->raised;
    w->timer.fn = [](Timer&, void*) { raising.request(); };
    timers::arm(w->timer, machine::now() + static_cast<Nanos>(w->plan.every) * ns_per_us);
}

}  // namespace

std::string_view name_of(Fault fault) {
    return fault == Fault::lose ? "lose" : "raise";
}

void begin(Plan const& plan) {
    auto w = work.lock();
    w->plan = plan;
    w->raised = 0;
    irq_fault::stop();
    if (plan.fault == Fault::lose)
        irq_fault::lose(plan.victim, plan.every, plan.times);
    else
        raising.request();
}

void end() {
    auto w = work.lock();
    irq_fault::stop();
    w->plan.times = w->plan.fault == Fault::lose ? irq_fault::lost() : w->raised;
}

Progress progress() {
    auto w = work.lock();
    return {w->plan, w->plan.fault == Fault::lose ? irq_fault::lost() : w->raised};
}

}  // namespace monitor::irq_plan

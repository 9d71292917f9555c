// SPDX-License-Identifier: MIT
#include "kernel/monitor/irq_plan.hpp"

#include "kernel/domain/irq_fault.hpp"
#include "kernel/domain/pirq_bindings.hpp"

namespace monitor::irq_plan {
namespace {

namespace irq_fault = evtchn::irq_fault;
using Progress = FaultPlan<Plan>::Progress;

constexpr Nanos ns_per_us = 1000;

// Interrupts are lost where they come, and counted there; only those raised go in steps.
void begun(Plan const& plan) {
    irq_fault::stop();
    if (plan.fault == Fault::lose)
        irq_fault::lose(plan.victim, plan.every, plan.times);
}

void count(Progress& p) {
    if (p.plan.fault == Fault::lose)
        p.done = irq_fault::lost();
}

void step();
constinit FaultPlan<Plan> plan{{.step = step, .begun = begun, .ended = irq_fault::stop, .count = count}};

// A victim that is about to be made again has none, and is waited for.
std::optional<Nanos> raise_once(Progress& p) {
    if (p.plan.fault != Fault::raise)
        return std::nullopt;
    if (evtchn::pirq_bindings::raise_all_of(p.plan.victim) != 0)
        ++p.done;
    return static_cast<Nanos>(p.plan.every) * ns_per_us;
}

void step() {
    plan.go_on(raise_once);
}

}  // namespace

std::string_view name_of(Fault fault) {
    return fault == Fault::lose ? "lose" : "raise";
}

FaultPlan<Plan>& current() {
    return plan;
}

}  // namespace monitor::irq_plan

// SPDX-License-Identifier: MIT
#include "kernel/monitor/kill_plan.hpp"

#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registry.hpp"

namespace monitor::kill_plan {
namespace {

using Progress = FaultPlan<Plan>::Progress;

// How often a victim that does not run is looked for.
constexpr Nanos look_interval = 1'000'000;

// Multiples of the golden ratio: no two alike, and spread evenly.
Nanos delay(Progress const& p) {
    u64 const spread = (p.done * 0x9e37'79b9'7f4a'7c15) >> 16;
    return p.plan.after + static_cast<Nanos>(spread % static_cast<u64>(p.plan.after));
}

void step();
constinit FaultPlan<Plan> plan{{.step = step}};

// The victim, if it is to be ended now.
DomainRef take_victim() {
    DomainRef victim;
    plan.go_on([&victim](Progress& p) -> std::optional<Nanos> {
        auto found = domains::find(p.plan.victim);
        bool const alive = found && (*found)->may_run();
        bool const now = alive && p.aimed;
        p.aimed = alive && !now;
        if (now) {
            ++p.done;
            victim = std::move(*found);
        }
        return p.aimed ? delay(p) : look_interval;
    });
    return victim;
}

void step() {
    if (DomainRef const victim = take_victim())
        domains::crash(*victim, "the monitor was asked to end it");
}

}  // namespace

FaultPlan<Plan>& current() {
    return plan;
}

}  // namespace monitor::kill_plan

// SPDX-License-Identifier: MIT
// Ending domains on purpose, to see how others live with that.
#include "kernel/monitor/faults.hpp"
#include "kernel/monitor/kill_plan.hpp"

namespace monitor {
namespace {

constexpr u64 ns_per_us = 1000;
constexpr u64 longest_us = 3'600'000'000;

void show_plan(FaultPlan<kill_plan::Plan>::Progress const& p, Report& out) {
    static constexpr std::array columns{Column{"VICTIM", 6}, Column{"AFTER_US", 10}, Column{"TIMES", 7},
                                        Column{"DONE", 7}};
    out.table(columns);
    if (p.plan.times != 0)
        out.row({p.plan.victim.raw(), static_cast<u64>(p.plan.after) / ns_per_us, p.plan.times, p.done});
}

void plan_for(Domain const& victim, Arguments const& args, Report& out) {
    auto const after = args.number(1);
    auto const times = args.count() > 2 ? args.number(2) : std::optional{u64{1}};
    if (!after || *after == 0 || *after > longest_us || !times)
        return out.refuse("kill DOM AFTER_US [TIMES]");
    if (victim.id == DomId{0})
        return out.refuse("nothing runs without the initial domain");
    kill_plan::current().begin({victim.id, static_cast<Nanos>(*after * ns_per_us), *times});
}

}  // namespace

void plan_kills(Arguments const& args, Report& out) {
    ask_plan(kill_plan::current(), args, out, show_plan, plan_for);
}

}  // namespace monitor

// SPDX-License-Identifier: MIT
// Ending domains on purpose, to see how others live with that.
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/faults.hpp"
#include "kernel/monitor/kill_plan.hpp"

namespace monitor {
namespace {

constexpr u64 ns_per_us = 1000;
constexpr u64 longest_us = 3'600'000'000;

void show_plan(Report& out) {
    static constexpr std::array columns{Column{"VICTIM", 6}, Column{"AFTER_US", 10}, Column{"TIMES", 7},
                                        Column{"DONE", 7}};
    auto const p = kill_plan::progress();
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
    kill_plan::begin({victim.id, static_cast<Nanos>(*after * ns_per_us), *times});
}

}  // namespace

void plan_kills(Arguments const& args, Report& out) {
    if (!faults_allowed())
        return out.refuse("faults are made only on machines that were booted with faults=on");
    if (args.count() == 0)
        return show_plan(out);
    if (args[0] == "off")
        return kill_plan::end();
    if (DomainRef const victim = domain_argument(args, 0, out))
        plan_for(*victim, args, out);
}

}  // namespace monitor

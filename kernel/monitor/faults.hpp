// SPDX-License-Identifier: MIT
// Whether the monitor makes faults on purpose (boot option faults=on), and what the
// commands that plan some share.
#pragma once

#include "kernel/monitor/command.hpp"
#include "kernel/monitor/fault_plan.hpp"

namespace monitor {

void allow_faults();
// Refuses when it does not.
[[nodiscard]] bool faults_allowed(Report& out);

// A command that shows a plan, ends it with `off`, or has `plan_for` begin another
// one against the domain that its first argument names.
template <class Plan>
void ask_plan(FaultPlan<Plan>& current, Arguments const& args, Report& out,
              void (*show)(typename FaultPlan<Plan>::Progress const&, Report&),
              void (*plan_for)(Domain const&, Arguments const&, Report&)) {
    if (!faults_allowed(out))
        return;
    if (args.count() == 0)
        return show(current.progress(), out);
    if (args[0] == "off")
        return current.end();
    if (DomainRef const victim = domain_argument(args, 0, out))
        plan_for(*victim, args, out);
}

}  // namespace monitor

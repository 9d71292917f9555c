// SPDX-License-Identifier: MIT
// Interrupts that go wrong on purpose, to see how drivers live with that.
#include "kernel/monitor/faults.hpp"
#include "kernel/monitor/irq_plan.hpp"

namespace monitor {
namespace {

using irq_plan::Fault;

// Raised more often they would leave the victim no time for anything else.
constexpr u64 shortest_us = 10;
constexpr u64 longest_us = 3'600'000'000;

void show_plan(FaultPlan<irq_plan::Plan>::Progress const& p, Report& out) {
    static constexpr std::array columns{Column{"VICTIM", 6}, Column{"FAULT", 5, true}, Column{"EVERY", 10},
                                        Column{"TIMES", 7}, Column{"DONE", 7}};
    out.table(columns);
    if (p.plan.times != 0)
        out.row({p.plan.victim.raw(), irq_plan::name_of(p.plan.fault), p.plan.every, p.plan.times, p.done});
}

std::optional<Fault> fault_named(std::string_view word) {
    for (Fault const fault : {Fault::lose, Fault::raise})
        if (word == irq_plan::name_of(fault))
            return fault;
    return std::nullopt;
}

bool is_sensible(Fault fault, u64 every) {
    return fault == Fault::lose ? every != 0 : every >= shortest_us && every <= longest_us;
}

void plan_for(Domain const& victim, Arguments const& args, Report& out) {
    auto const fault = fault_named(args[1]);
    auto const every = args.number(2);
    auto const times = args.count() > 3 ? args.number(3) : std::optional{u64{1}};
    if (!fault || !every || !times || !is_sensible(*fault, *every))
        return out.refuse("failirq DOM lose N [TIMES], or DOM raise US [TIMES] with {} or more", shortest_us);
    irq_plan::current().begin({victim.id, *fault, *every, *times});
}

}  // namespace

void plan_irq_faults(Arguments const& args, Report& out) {
    ask_plan(irq_plan::current(), args, out, show_plan, plan_for);
}

}  // namespace monitor

// SPDX-License-Identifier: MIT
// The end of a domain, in stages that can each be interrupted and taken up
// again (LC-1). The order matters: first everything that others could still do
// with the domain ends, then what it holds goes, its memory last.
#include <array>

#include "kernel/domain/budgets.hpp"
#include "kernel/domain/channel_ops.hpp"
#include "kernel/domain/events.hpp"
#include "kernel/domain/grants.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/machine/irq.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/mm/relinquish.hpp"
#include "kernel/sched/sched.hpp"

namespace domains {
namespace {

Result<> stop_vcpus(Domain& d) {
    for (Vcpu* const v : d.all_vcpus()) {
        sched::refresh(*v);
        sched::wait_until_off_cpu(*v);
    }
    return {};
}

// Before anything that a device may still write to is given back (IO-1).
Result<> silence_devices(Domain& d) {
    for (AssignedFunction const& f : d.devices.all())
        machine::silence_function(f.where());
    return {};
}

Result<> release_grants(Domain& d) {
    TRY_VOID(grant::release_all(d));
    d.grants.lock()->retire();
    return {};
}

Result<> close_events(Domain& d) {
    TRY_VOID(evtchn::close_all(d));
    machine::unmap_pirqs_of(d.id);
    return {};
}

void forget_areas(Vcpu& v) {
    replace(v.runstate_area, {});
    replace(v.time_area, {});
    v.info = &v.domain.shared_info()->vcpu_info[v.id.raw()];
    v.info_page.reset();
}

Result<> release_vcpus(Domain& d) {
    for (Vcpu* const v : d.all_vcpus()) {
        for (Timer* const t : {&v->poll_timer, &v->single_timer, &v->periodic_timer})
            timers::cancel(*t);
        forget_areas(*v);
        TRY_VOID(machine::vcpu_release_memory(*v));
    }
    return {};
}

Result<> release_memory(Domain& d) {
    return mm::relinquish(d.memory);
}

Result<> give_up_the_rest(Domain& d) {
    end_budgets(d);
    return {};
}

Result<> leave_scheduler(Domain& d) {
    for (Vcpu* const v : d.all_vcpus())
        sched::remove(*v);
    return {};
}

using Stage = Result<> (*)(Domain&);
constexpr std::array<Stage, 8> stages{stop_vcpus,    silence_devices, release_grants,   close_events,
                                      release_vcpus, release_memory,  give_up_the_rest, leave_scheduler};

}  // namespace

Result<> destroy(Domain& d) {
    if (d.life.load() == Domain::Life::dead)
        return {};
    d.life = Domain::Life::dying;
    while (d.relinquish_stage < stages.size()) {
        TRY_VOID(stages[d.relinquish_stage](d));
        ++d.relinquish_stage;
        if (machine::preempt_pending())
            return Fail{Errno::restart};
    }
    bury(d);
    evtchn::raise_global_virq(VIRQ_DOM_EXC);
    return {};
}

}  // namespace domains

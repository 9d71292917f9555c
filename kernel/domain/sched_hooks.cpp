// SPDX-License-Identifier: MIT
// The scheduler's questions, answered for real vcpus.
#include "kernel/domain/runstate.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/domain/vcpu_timers.hpp"
#include "kernel/sched/hooks.hpp"

namespace sched::hooks {

Unit& unit_of(Vcpu& v) {
    return v.sched;
}

bool may_run(Vcpu const& v) {
    return v.domain.may_run();
}

void entered_cpu(Vcpu& v) {
    trace::note(trace::Kind::run, v);
    domains::publish_runstate(v);
    domains::resume_periodic_timer(v);
}

void left_cpu(Vcpu& v) {
    trace::note(trace::Kind::stop, v);
    domains::publish_runstate(v);
}

}  // namespace sched::hooks

// SPDX-License-Identifier: MIT
#include "kernel/domain/vcpu_timers.hpp"

#include "kernel/domain/events.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/sched/sched.hpp"

namespace domains {
namespace {

Vcpu& vcpu_of(void* context) {
    return *static_cast<Vcpu*>(context);
}

void start(Timer& t, Vcpu& v, Timer::Fn fn, Nanos deadline) {
    t.fn = fn;
    t.context = &v;
    timers::arm(t, deadline);
}

// The interrupt may have come while somebody else ran.
void single_expired(Timer&, void* context) {
    Vcpu& v = vcpu_of(context);
    evtchn::raise_virq(v, VIRQ_TIMER);
    sched::pay_for_interrupt(v);
}

// A vcpu that sleeps or waits gets no ticks; resume_periodic_timer goes on.
void period_expired(Timer&, void* context) {
    Vcpu& v = vcpu_of(context);
    if (v.sched.state.load() == sched::State::running) {
        evtchn::raise_virq(v, VIRQ_TIMER);
        resume_periodic_timer(v);
    }
    sched::pay_for_interrupt(v);
}

void poll_expired(Timer&, void* context) {
    Vcpu& v = vcpu_of(context);
    evtchn::end_poll(v);
    sched::pay_for_interrupt(v);
}

}  // namespace

void set_singleshot_timer(Vcpu& v, Nanos deadline) {
    if (deadline <= machine::now()) {
        timers::cancel(v.single_timer);
        evtchn::raise_virq(v, VIRQ_TIMER);
        return;
    }
    start(v.single_timer, v, single_expired, deadline);
}

void stop_singleshot_timer(Vcpu& v) {
    timers::cancel(v.single_timer);
}

void set_periodic_timer(Vcpu& v, Nanos period) {
    timers::cancel(v.periodic_timer);
    v.period = period;
    if (v.sched.state.load() == sched::State::running)
        resume_periodic_timer(v);
}

void stop_periodic_timer(Vcpu& v) {
    v.period = 0;
    timers::cancel(v.periodic_timer);
}

void resume_periodic_timer(Vcpu& v) {
    if (v.period != 0 && !timers::armed(v.periodic_timer))
        start(v.periodic_timer, v, period_expired, machine::now() + v.period);
}

void set_poll_timer(Vcpu& v, Nanos deadline) {
    start(v.poll_timer, v, poll_expired, deadline);
}

void stop_poll_timer(Vcpu& v) {
    timers::cancel(v.poll_timer);
}

}  // namespace domains

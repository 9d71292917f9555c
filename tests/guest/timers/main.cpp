// SPDX-License-Identifier: MIT
// Time: the clock pages, one-shot timers by both calls, blocking and polling.
// Only order is checked, never speed.
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/time.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

u32 timer_port = 0;

bool pending() {
    return (rt::shared_info().evtchn_pending[timer_port / 64] >> (timer_port % 64) & 1) != 0;
}
void clear() {
    __atomic_fetch_and(&rt::shared_info().evtchn_pending[timer_port / 64], ~(1ul << timer_port % 64),
                       __ATOMIC_SEQ_CST);
}

s64 poll(Nanos deadline) {
    evtchn_port_t port = timer_port;
    sched_poll_t p{};
    set_xen_guest_handle(p.ports, &port);
    p.nr_ports = 1;
    p.timeout = static_cast<u64>(deadline);
    return verdict::raw(hypercall::sched_op(SCHEDOP_poll, p));
}

void check_clock() {
    auto const& t = rt::shared_info().vcpu_info[0].time;
    CHECK(t.tsc_to_system_mul != 0);
    CHECK((t.version & 1) == 0);
    Nanos last = now();
    for (int i = 0; i < 1000; ++i) {
        Nanos const n = now();
        CHECK(n >= last);
        last = n;
    }
    // After 2026-01-01: somebody set the wall clock.
    CHECK(wall_clock() > 1'000'000'000 * second);
}

void check_timer_op() {
    clear();
    Nanos const deadline = now() + 5 * millisecond;
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_timer_op, static_cast<u64>(deadline)), 0);
    // In this order: a machine that is kept from running may reach it in between.
    CHECK(!pending() || now() >= deadline);
    CHECK_ANSWER(poll(0), 0);
    CHECK(pending() && now() >= deadline);
}

void check_past_deadline() {
    clear();
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_timer_op, 1), 0);
    CHECK_ANSWER(poll(0), 0);
    CHECK(pending());
}

// Whether the timer was set and cancelled before its deadline came.
bool cancel_before(Nanos deadline) {
    clear();
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_timer_op, static_cast<u64>(deadline)), 0);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_timer_op, 0), 0);
    return now() < deadline;
}

void check_cancel() {
    Nanos delay = 2 * millisecond;
    Nanos deadline = now() + delay;
    // A machine that is kept from running between the two calls gets more time.
    while (!cancel_before(deadline)) {
        delay *= 2;
        deadline = now() + delay;
    }
    CHECK_ANSWER(poll(deadline + 4 * millisecond), 0);
    CHECK(!pending());
}

void check_singleshot() {
    clear();
    vcpu_set_singleshot_timer_t t{};
    t.timeout_abs_ns = static_cast<u64>(now() + 3 * millisecond);
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_set_singleshot_timer, VcpuId{0}, t), 0);
    CHECK_ANSWER(poll(0), 0);
    CHECK(pending());
    clear();
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_stop_singleshot_timer, VcpuId{0}), 0);
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_set_singleshot_timer, VcpuId{77}, t), Errno::noent);
}

void check_poll_timeout() {
    clear();
    Nanos const deadline = now() + 4 * millisecond;
    CHECK_ANSWER(poll(deadline), 0);
    CHECK(now() >= deadline && !pending());
}

void check_refusals() {
    sched_poll_t p{};
    p.nr_ports = 129;
    CHECK_ANSWER(hypercall::sched_op(SCHEDOP_poll, p), Errno::inval);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_sched_op, 99, 0), Errno::nosys);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_sched_op, SCHEDOP_poll, 0x10), Errno::fault);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_sched_op, SCHEDOP_yield, 0), 0);
}

}  // namespace

int main() {
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_stop_periodic_timer, VcpuId{0}), 0);
    evtchn_status_t s{};
    s.dom = DOMID_SELF;
    // The kit has bound the timer for its own sleeping: find that port.
    for (u32 port = 1; port < 64 && timer_port == 0; ++port) {
        s.port = port;
        if (hypercall::event_channel_op(EVTCHNOP_status, s) && s.status == EVTCHNSTAT_virq &&
            s.u.virq == VIRQ_TIMER)
            timer_port = port;
    }
    if (timer_port == 0) {
        evtchn_bind_virq_t v{};
        v.virq = VIRQ_TIMER;
        CHECK_ANSWER(hypercall::event_channel_op(EVTCHNOP_bind_virq, v), 0);
        timer_port = v.port;
    }
    check_clock();
    check_timer_op();
    check_past_deadline();
    check_cancel();
    check_singleshot();
    check_poll_timeout();
    check_refusals();
    return verdict::finish();
}

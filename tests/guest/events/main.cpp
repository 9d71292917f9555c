// SPDX-License-Identifier: MIT
// event_channel_op: every kind of port, its refusals, and the pending and mask
// bits of the 2-level protocol.
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

s64 op(int cmd, auto& argument) {
    return verdict::raw(hypercall::event_channel_op(cmd, argument));
}

bool pending(u32 port) {
    return (rt::shared_info().evtchn_pending[port / 64] >> (port % 64) & 1) != 0;
}
void clear(u32 port) {
    __atomic_fetch_and(&rt::shared_info().evtchn_pending[port / 64], ~(1ul << port % 64), __ATOMIC_SEQ_CST);
}

u32 status_of(u32 port) {
    evtchn_status_t s{};
    s.dom = DOMID_SELF;
    s.port = port;
    return op(EVTCHNOP_status, s) == 0 ? s.status : ~0u;
}

s64 send(u32 port) {
    evtchn_send_t s{port};
    return op(EVTCHNOP_send, s);
}
s64 close(u32 port) {
    evtchn_close_t c{port};
    return op(EVTCHNOP_close, c);
}

u32 unbound(domid_t remote = DOMID_SELF) {
    evtchn_alloc_unbound_t a{};
    a.dom = DOMID_SELF;
    a.remote_dom = remote;
    CHECK_ANSWER(op(EVTCHNOP_alloc_unbound, a), 0);
    return a.port;
}

void check_unbound() {
    u32 const port = unbound();
    CHECK(port != 0);
    CHECK(status_of(port) == EVTCHNSTAT_unbound);
    CHECK_ANSWER(send(port), 0);
    CHECK_ANSWER(close(port), 0);
    CHECK(status_of(port) == EVTCHNSTAT_closed);
    CHECK_ANSWER(close(port), Errno::inval);
    CHECK_ANSWER(send(port), Errno::inval);
    CHECK(unbound() == port);
    CHECK_ANSWER(close(port), 0);
}

void check_interdomain() {
    u32 const far = unbound();
    evtchn_bind_interdomain_t bind{};
    bind.remote_dom = DOMID_SELF;
    bind.remote_port = far;
    CHECK_ANSWER(op(EVTCHNOP_bind_interdomain, bind), 0);
    u32 const near = bind.local_port;
    CHECK(near != far);
    CHECK(status_of(near) == EVTCHNSTAT_interdomain && status_of(far) == EVTCHNSTAT_interdomain);
    CHECK(pending(near));
    clear(near);
    CHECK_ANSWER(send(near), 0);
    CHECK(pending(far) && !pending(near));
    clear(far);
    CHECK_ANSWER(send(far), 0);
    CHECK(pending(near));
    clear(near);
    // Taken already.
    evtchn_bind_interdomain_t again = bind;
    CHECK_ANSWER(op(EVTCHNOP_bind_interdomain, again), Errno::inval);
    CHECK_ANSWER(close(far), 0);
    CHECK(status_of(near) == EVTCHNSTAT_unbound);
    CHECK_ANSWER(close(near), 0);
}

void check_virq() {
    evtchn_bind_virq_t v{};
    v.virq = VIRQ_DEBUG;
    CHECK_ANSWER(op(EVTCHNOP_bind_virq, v), 0);
    CHECK(status_of(v.port) == EVTCHNSTAT_virq);
    evtchn_bind_virq_t again = v;
    CHECK_ANSWER(op(EVTCHNOP_bind_virq, again), Errno::exist);
    evtchn_bind_vcpu_t move{v.port, 0};
    CHECK_ANSWER(op(EVTCHNOP_bind_vcpu, move), Errno::inval);
    CHECK_ANSWER(close(v.port), 0);
    evtchn_bind_virq_t bad{};
    bad.virq = 24;
    CHECK_ANSWER(op(EVTCHNOP_bind_virq, bad), Errno::inval);
    bad.virq = VIRQ_DEBUG;
    bad.vcpu = 4000;
    CHECK_ANSWER(op(EVTCHNOP_bind_virq, bad), Errno::noent);
}

void check_ipi() {
    evtchn_bind_ipi_t i{};
    CHECK_ANSWER(op(EVTCHNOP_bind_ipi, i), 0);
    CHECK(status_of(i.port) == EVTCHNSTAT_ipi);
    CHECK_ANSWER(send(i.port), 0);
    CHECK(pending(i.port));
    clear(i.port);
    CHECK_ANSWER(close(i.port), 0);
    evtchn_bind_ipi_t bad{};
    bad.vcpu = 4000;
    CHECK_ANSWER(op(EVTCHNOP_bind_ipi, bad), Errno::noent);
}

void check_unmask() {
    u32 const port = unbound();
    evtchn_unmask_t u{port};
    CHECK_ANSWER(op(EVTCHNOP_unmask, u), 0);
    CHECK((rt::shared_info().evtchn_mask[port / 64] >> (port % 64) & 1) == 0);
    evtchn_unmask_t bad{0xffffff};
    CHECK_ANSWER(op(EVTCHNOP_unmask, bad), Errno::inval);
    CHECK_ANSWER(close(port), 0);
}

void check_bad_ports() {
    for (u32 const port : {0u, 4096u, 131072u, ~0u}) {
        CHECK_ANSWER(send(port), Errno::inval);
        CHECK_ANSWER(close(port), Errno::inval);
        if (port != 0)
            CHECK(status_of(port) == ~0u);
        evtchn_bind_vcpu_t move{port, 0};
        CHECK_ANSWER(op(EVTCHNOP_bind_vcpu, move), Errno::inval);
    }
    CHECK(status_of(0) == EVTCHNSTAT_closed);
    evtchn_bind_interdomain_t bind{};
    bind.remote_dom = 0x1234;
    bind.remote_port = 1;
    CHECK_ANSWER(op(EVTCHNOP_bind_interdomain, bind), Errno::srch);
    evtchn_send_t unknown{1};
    CHECK_ANSWER(op(99, unknown), Errno::nosys);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_event_channel_op, EVTCHNOP_send, 0x10), Errno::fault);
}

}  // namespace

int main() {
    check_unbound();
    check_interdomain();
    check_virq();
    check_ipi();
    check_unmask();
    check_bad_ports();
    return verdict::finish();
}

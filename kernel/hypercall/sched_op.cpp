// SPDX-License-Identifier: MIT
// sched_op: how a guest gives up its CPU, waits, and ends. Waiting first marks
// the vcpu as sleeping and then looks whether there is anything to wait for: an
// event that comes in between ends the sleep, so none is lost.
#include "kernel/domain/events.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/domain/vcpu_timers.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/sched/sched.hpp"

namespace hypercall {
namespace {

constexpr u32 max_polled = 128;

Answer block(Vcpu& v) {
    __atomic_store_n(&v.info->evtchn_upcall_mask, u8{0}, __ATOMIC_SEQ_CST);
    sched::block(v);
    if (evtchn::deliverable(v))
        sched::wake(v);
    return 0;
}

// What a poll over these ports waits for: the only one, or "any of several".
Result<u32> polled_port(GuestPtr<evtchn_port_t const> ports, u32 count) {
    u32 port = evtchn::poll_any;
    for (u32 i = 0; i < count; ++i) {
        port = TRY(ports.fetch(i));
        if (port >= EventChannels::max_ports)
            return Fail{Errno::inval};
    }
    return count == 1 ? port : evtchn::poll_any;
}

Result<bool> any_pending(Domain& d, GuestPtr<evtchn_port_t const> ports, u32 count) {
    for (u32 i = 0; i < count; ++i) {
        u32 const port = TRY(ports.fetch(i));  // read again, hence checked again
        if (port >= EventChannels::max_ports)
            return Fail{Errno::inval};
        if (evtchn::pending(d, EvtchnPort{port}))
            return true;
    }
    return false;
}

Answer poll(Vcpu& v, GuestPtr<sched_poll_t> arg) {
    sched_poll_t const op = TRY(arg.fetch());
    if (op.nr_ports > max_polled)
        return Fail{Errno::inval};
    auto const ports = guest_ptr<evtchn_port_t const>(op.ports);
    u32 const port = TRY(polled_port(ports, op.nr_ports));

    domains::stop_poll_timer(v);  // an earlier poll may have ended before its time
    // Asleep before it can be woken: whoever ends the poll finds it blocked.
    sched::block(v);
    evtchn::begin_poll(v, port);
    auto const ready = any_pending(v.domain, ports, op.nr_ports);
    if (!ready || *ready || evtchn::deliverable(v))
        evtchn::end_poll(v);
    else if (op.timeout != 0)
        domains::set_poll_timer(v, domains::clamp_deadline(op.timeout));
    TRY_VOID(ready);
    return 0;
}

Answer shutdown(Vcpu& v, GuestPtr<sched_shutdown_t> arg) {
    u32 const reason = TRY(arg.fetch()).reason;
    if (reason > SHUTDOWN_MAX)
        return Fail{Errno::inval};
    domains::shutdown(v.domain, reason);
    return 1;  // seen only if a suspension is cancelled
}

Answer remote_shutdown(Vcpu& v, GuestPtr<sched_remote_shutdown_t> arg) {
    sched_remote_shutdown_t const op = TRY(arg.fetch());
    if (op.reason > SHUTDOWN_MAX)
        return Fail{Errno::inval};
    if (!v.domain.priv.control)
        return Fail{Errno::perm};
    DomainRef const d = TRY(domains::resolve(v.domain, DomId{op.domain_id}));
    domains::shutdown(*d, op.reason);
    return 0;
}

}  // namespace

Answer sched_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg) {
    switch (cmd) {
        case SCHEDOP_yield:
            sched::yield(v);
            return 0;
        case SCHEDOP_block:
            return block(v);
        case SCHEDOP_shutdown:
            return shutdown(v, arg.as<sched_shutdown_t>());
        case SCHEDOP_poll:
            return poll(v, arg.as<sched_poll_t>());
        case SCHEDOP_remote_shutdown:
            return remote_shutdown(v, arg.as<sched_remote_shutdown_t>());
        default:
            return Fail{Errno::nosys};  // watchdog, pin_override: guests do without
    }
}

}  // namespace hypercall

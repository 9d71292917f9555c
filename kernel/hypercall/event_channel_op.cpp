// SPDX-License-Identifier: MIT
// event_channel_op: decodes requests, settles who may act on which domain.
// Two-level ABI only; the FIFO calls answer ENOSYS, which selects it.
#include "kernel/domain/channel_ops.hpp"
#include "kernel/domain/events.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {
namespace {

using State = Channel::State;

Answer alloc_unbound(Domain& caller, GuestPtr<evtchn_alloc_unbound_t> arg) {
    evtchn_alloc_unbound_t op = TRY(arg.fetch());
    DomainRef const d = TRY(domains::resolve(caller, DomId{op.dom}));
    DomId const remote = op.remote_dom == DOMID_SELF ? caller.id : DomId{op.remote_dom};
    op.port = TRY(evtchn::alloc_unbound(*d, remote)).raw();
    TRY_VOID(arg.store(op));
    return 0;
}

Answer bind_interdomain(Domain& caller, GuestPtr<evtchn_bind_interdomain_t> arg) {
    evtchn_bind_interdomain_t op = TRY(arg.fetch());
    DomainRef const remote = TRY(domains::resolve_peer(caller, DomId{op.remote_dom}));
    op.local_port = TRY(evtchn::bind_interdomain(caller, *remote, EvtchnPort{op.remote_port})).raw();
    TRY_VOID(arg.store(op));
    return 0;
}

// The calls that turn an interrupt into a port: bind(op) names the port.
template <class Op, class Bind>
Answer bind_source(GuestPtr<Op> arg, Bind bind) {
    Op op = TRY(arg.fetch());
    op.port = TRY(bind(op)).raw();
    TRY_VOID(arg.store(op));
    return 0;
}

void describe(Channel const& c, evtchn_status_t& op) {
    op.status = static_cast<u32>(c.state.load());
    op.vcpu = c.vcpu;
    switch (c.state) {
        case State::unbound:
            op.u.unbound.dom = c.peer_id.raw();
            break;
        case State::interdomain:
            op.u.interdomain.dom = c.peer_id.raw();
            op.u.interdomain.port = c.number;
            break;
        case State::pirq:
            op.u.pirq = c.number;
            break;
        case State::virq:
            op.u.virq = c.number;
            break;
        default:
            break;
    }
}

Answer status(Domain& caller, GuestPtr<evtchn_status_t> arg) {
    evtchn_status_t const asked = TRY(arg.fetch());
    DomainRef const d = TRY(domains::resolve(caller, DomId{asked.dom}));
    if (asked.port >= EventChannels::max_ports)
        return Fail{Errno::inval};
    evtchn_status_t op{};  // zero throughout: the union is larger than most answers (HC-4)
    op.dom = asked.dom;
    op.port = asked.port;
    op.status = EVTCHNSTAT_closed;
    {
        auto events = d->events.lock();
        if (Channel const* const c = events->find(EvtchnPort{asked.port}))
            describe(*c, op);
    }
    TRY_VOID(arg.store(op));
    return 0;
}

Answer done(Result<> const& r) {
    return r ? Answer{0} : Answer{Fail{r.error()}};
}

Answer reset(Domain& caller, GuestPtr<evtchn_reset_t> arg) {
    evtchn_reset_t const op = TRY(arg.fetch());
    DomainRef const d = TRY(domains::resolve(caller, DomId{op.dom}));
    return done(evtchn::close_all(*d));
}

// All but the one that counts: its way does not prepare for these.
[[gnu::noinline]] Answer manage(Domain& d, u32 cmd, GuestPtr<u8> arg) {
    switch (cmd) {
        case EVTCHNOP_unmask:
            return done(evtchn::unmask(d, EvtchnPort{TRY(arg.as<evtchn_unmask_t>().fetch()).port}));
        case EVTCHNOP_alloc_unbound:
            return alloc_unbound(d, arg.as<evtchn_alloc_unbound_t>());
        case EVTCHNOP_bind_interdomain:
            return bind_interdomain(d, arg.as<evtchn_bind_interdomain_t>());
        case EVTCHNOP_bind_virq:
            return bind_source(arg.as<evtchn_bind_virq_t>(),
                               [&](auto const& op) { return evtchn::bind_virq(d, op.virq, op.vcpu); });
        case EVTCHNOP_bind_ipi:
            return bind_source(arg.as<evtchn_bind_ipi_t>(),
                               [&](auto const& op) { return evtchn::bind_ipi(d, op.vcpu); });
        case EVTCHNOP_bind_pirq:
            return bind_source(arg.as<evtchn_bind_pirq_t>(), [&](auto const& op) {
                return evtchn::bind_pirq(d, op.pirq, (op.flags & BIND_PIRQ__WILL_SHARE) != 0);
            });
        case EVTCHNOP_bind_vcpu: {
            evtchn_bind_vcpu_t const op = TRY(arg.as<evtchn_bind_vcpu_t>().fetch());
            return done(evtchn::bind_vcpu(d, EvtchnPort{op.port}, op.vcpu));
        }
        case EVTCHNOP_close:
            return done(evtchn::close(d, EvtchnPort{TRY(arg.as<evtchn_close_t>().fetch()).port}));
        case EVTCHNOP_status:
            return status(d, arg.as<evtchn_status_t>());
        case EVTCHNOP_reset:
            return reset(d, arg.as<evtchn_reset_t>());
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace

Answer event_channel_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg) {
    if (cmd == EVTCHNOP_send) [[likely]]
        return done(evtchn::send(v.domain, EvtchnPort{TRY(arg.as<evtchn_send_t>().fetch()).port}));
    return manage(v.domain, cmd, arg);
}

}  // namespace hypercall

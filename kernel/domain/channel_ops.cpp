// SPDX-License-Identifier: MIT
#include "kernel/domain/channel_ops.hpp"

#include <optional>

#include "kernel/domain/events.hpp"
#include "kernel/domain/pirq_bindings.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/machine/irq.hpp"

namespace evtchn {
namespace {

using State = Channel::State;

// Both sides' channels at once; the same table twice for a loop-back channel.
template <class F>
auto with_tables(Domain& a, Domain& b, F&& f) {
    return with_both(a.events, a.id.raw(), b.events, b.id.raw(), f);
}

// A new port; the caller sets its state, which makes it valid.
struct Opened {
    EvtchnPort port;
    Channel* channel;
};
Result<Opened> open(Domain& d, EventChannels& events, State s) {
    if (d.dying())
        return Fail{Errno::srch};
    EvtchnPort const port = TRY(events.allocate());
    Channel& c = events.fresh(port);
    c.state = s;
    return Opened{port, &c};
}

bool owns_virq(Domain const& d, u32 virq) {
    return is_per_vcpu(virq) || (virq == VIRQ_CONSOLE ? d.priv.console : d.priv.control);
}

void let_go_of_source(EventChannels& events, Channel const& c) {
    if (c.state == State::pirq)
        pirq_bindings::unbind(c.number);
    else if (c.state == State::virq)
        events.set_virq_port(is_per_vcpu(c.number) ? c.vcpu : 0, c.number, EvtchnPort{0});
}

void free_port(Domain& d, EventChannels& events, EvtchnPort port) {
    clear_pending(d, port);  // or whoever gets the number next sees a false event
    events.release(port);
}

// Closes a port that has no other side. Tells the other domain, held, if it has.
Result<DomainRef> close_own(Domain& d, EvtchnPort port) {
    auto events = d.events.lock();
    Channel* const c = events->find(port);
    if (!c)
        return Fail{Errno::inval};
    if (c->state == State::interdomain)
        return DomainRef{*c->peer};
    let_go_of_source(*events, *c);
    free_port(d, *events, port);
    return DomainRef{};
}

// False when the channel is no longer one between these two.
bool close_pair(Domain& d, EventChannels& ours, EvtchnPort port, Domain& peer, EventChannels& theirs) {
    Channel* const c = ours.find(port);
    if (!c || c->state != State::interdomain || c->peer != &peer)
        return false;
    Channel* const other = theirs.find(EvtchnPort{c->number});
    other->state = State::unbound;
    other->peer = nullptr;
    other->peer_id = d.id;
    free_port(d, ours, port);
    return true;
}

}  // namespace

Result<EvtchnPort> alloc_unbound(Domain& d, DomId remote) {
    auto events = d.events.lock();
    Opened const o = TRY(open(d, *events, State::unbound));
    o.channel->peer_id = remote;
    return o.port;
}

Result<EvtchnPort> bind_interdomain(Domain& d, Domain& remote, EvtchnPort remote_port) {
    return with_tables(d, remote, [&](EventChannels& ours, EventChannels& theirs) -> Result<EvtchnPort> {
        Channel* const other = theirs.find(remote_port);
        if (!other || other->state != State::unbound || other->peer_id != d.id)
            return Fail{Errno::inval};
        if (remote.dying())
            return Fail{Errno::srch};
        auto const [port, c] = TRY(open(d, ours, State::interdomain));
        c->peer = &remote;
        c->peer_id = remote.id;
        c->peer_vcpu = other->vcpu;
        c->number = remote_port.raw();
        other->state = State::interdomain;
        other->peer = &d;
        other->peer_vcpu = c->vcpu;
        other->number = port.raw();
        // The other side may have sent while nobody was there.
        raise(d, port, c->vcpu);
        return port;
    });
}

Result<EvtchnPort> bind_virq(Domain& d, u32 virq, u32 vcpu) {
    if (virq >= EventChannels::max_virqs || (!is_per_vcpu(virq) && vcpu != 0))
        return Fail{Errno::inval};
    virq = static_cast<u32>(nospec::index(virq, EventChannels::max_virqs));
    if (!owns_virq(d, virq))
        return Fail{Errno::perm};
    if (!d.vcpu(vcpu))
        return Fail{Errno::noent};
    auto events = d.events.lock();
    if (events->virq_port(vcpu, virq) != EvtchnPort{0})
        return Fail{Errno::exist};
    auto const [port, c] = TRY(open(d, *events, State::virq));
    c->number = virq;
    c->vcpu = static_cast<u16>(vcpu);
    events->set_virq_port(vcpu, virq, port);
    return port;
}

Result<EvtchnPort> bind_ipi(Domain& d, u32 vcpu) {
    if (!d.vcpu(vcpu))
        return Fail{Errno::noent};
    auto events = d.events.lock();
    auto const [port, c] = TRY(open(d, *events, State::ipi));
    c->vcpu = static_cast<u16>(vcpu);
    return port;
}

Result<EvtchnPort> bind_pirq(Domain& d, u32 pirq, bool shared) {
    if (!d.priv.hardware)
        return Fail{Errno::perm};
    auto events = d.events.lock();
    auto const [port, c] = TRY(open(d, *events, State::pirq));
    c->number = pirq;
    if (auto bound = pirq_bindings::bind(pirq, d, port, shared); !bound) {
        events->release(port);
        return Fail{bound.error()};
    }
    return port;
}

Result<> close(Domain& d, EvtchnPort port) {
    for (;;) {
        DomainRef const peer = TRY(close_own(d, port));
        if (!peer)
            return {};
        if (with_tables(d, *peer, [&](EventChannels& ours, EventChannels& theirs) {
                return close_pair(d, ours, port, *peer, theirs);
            }))
            return {};
    }
}

Result<> close_all(Domain& d) {
    constexpr u32 between_checks = 32;
    for (u32 closed = 0;; ++closed) {
        u32 const port = d.events.lock()->next_in_use(0);
        if (port >= EventChannels::max_ports)
            return {};
        if (closed != 0 && closed % between_checks == 0 && machine::preempt_pending())
            return Fail{Errno::restart};
        // Somebody else may have closed it already: that is as good.
        if (auto done = close(d, EvtchnPort{port}); !done && done.error() != Errno::inval)
            return done;
    }
}

Result<> bind_vcpu(Domain& d, EvtchnPort port, u32 vcpu) {
    if (!d.vcpu(vcpu))
        return Fail{Errno::noent};
    for (;;) {
        DomainRef peer;
        {
            auto events = d.events.lock();
            Channel* const c = events->find(port);
            if (!c || c->state == State::ipi || (c->state == State::virq && is_per_vcpu(c->number)))
                return Fail{Errno::inval};
            if (c->state != State::interdomain) {
                c->vcpu = static_cast<u16>(vcpu);
                if (c->state == State::pirq)
                    pirq_bindings::redirect(c->number, vcpu);
                return {};
            }
            peer = DomainRef{*c->peer};
        }
        // The other side keeps a copy, so that sending takes one lock only.
        if (with_tables(d, *peer, [&](EventChannels& ours, EventChannels& theirs) {
                Channel* const c = ours.find(port);
                if (!c || c->state != State::interdomain || c->peer != &*peer)
                    return false;
                c->vcpu = static_cast<u16>(vcpu);
                theirs.find(EvtchnPort{c->number})->peer_vcpu = c->vcpu;
                return true;
            }))
            return {};
    }
}

}  // namespace evtchn

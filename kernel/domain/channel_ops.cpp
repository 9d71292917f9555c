// SPDX-License-Identifier: MIT
#include "kernel/domain/channel_ops.hpp"

#include <optional>

#include "kernel/domain/events.hpp"
#include "kernel/domain/pirq_bindings.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/machine/irq.hpp"
#include "kernel/sync/rcu.hpp"

namespace evtchn {
namespace {

using State = Channel::State;

// Both sides' channels at once; the same table twice for a loop-back channel.
template <class F>
auto with_tables(Domain& a, Domain& b, F&& f) {
    return with_both(a.events, a.id.raw(), b.events, b.id.raw(), f);
}

// A new port; the caller fills it in and then sets its state, which makes it valid.
struct Opened {
    EvtchnPort port;
    Channel* channel;
};
Result<Opened> open(Domain& d, EventChannels& events) {
    if (d.dying())
        return Fail{Errno::srch};
    EvtchnPort const port = TRY(events.allocate());
    return Opened{port, &events.fresh(port)};
}

bool owns_virq(Domain const& d, u32 virq) {
    return is_per_vcpu(virq) || (virq == VIRQ_CONSOLE ? d.priv.console : d.priv.control);
}

void let_go_of_source(EventChannels& events, Channel const& c) {
    if (c.state == State::pirq)
        pirq_bindings::unbind(c.number);
    else if (c.state == State::virq)
        events.set_virq_port(is_per_vcpu(c.number) ? c.vcpu.load() : u16{0}, c.number, EvtchnPort{0});
}

// The port's number comes back when all that was sent to it has arrived, and
// without a trace of that: or whoever gets it next sees a false event.
void free_port(Domain& d, EventChannels& events, EvtchnPort port) {
    events.fresh(port).state = State::free;
    rcu::synchronize();
    clear_pending(d, port);
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

// One side of a channel learns of the other.
void join(Channel& c, Domain& peer, EvtchnPort port, u16 vcpu) {
    c.peer = &peer;
    c.peer_id = peer.id;
    c.peer_vcpu = vcpu;
    c.number = port.raw();
    c.state = State::interdomain;
}

// False when the channel is no longer one between these two.
bool close_pair(Domain& d, EventChannels& ours, EvtchnPort port, Domain& peer, EventChannels& theirs) {
    Channel* const c = ours.find(port);
    if (!c || c->state != State::interdomain || c->peer != &peer)
        return false;
    Channel* const other = theirs.find(EvtchnPort{c->number});
    other->state = State::unbound;  // waiting for us, as it once did or could have
    free_port(d, ours, port);
    other->peer = nullptr;  // nobody sends there any more
    return true;
}

}  // namespace

Result<EvtchnPort> alloc_unbound(Domain& d, DomId remote) {
    auto events = d.events.lock();
    auto const [port, c] = TRY(open(d, *events));
    c->peer_id = remote;
    c->state = State::unbound;
    return port;
}

Result<EvtchnPort> bind_interdomain(Domain& d, Domain& remote, EvtchnPort remote_port) {
    return with_tables(d, remote, [&](EventChannels& ours, EventChannels& theirs) -> Result<EvtchnPort> {
        Channel* const other = theirs.find(remote_port);
        if (!other || other->state != State::unbound || other->peer_id != d.id)
            return Fail{Errno::inval};
        if (remote.dying())
            return Fail{Errno::srch};
        auto const [port, c] = TRY(open(d, ours));
        join(*c, remote, remote_port, other->vcpu);
        join(*other, d, port, c->vcpu);
        // The other side may have sent while nobody was there.
        raise(RcuReader{}, d, port, c->vcpu);
        return port;
    });
}

Result<EvtchnPort> bind_virq(Domain& d, u32 virq, u32 vcpu) {
    if (virq >= ChannelTable::max_virqs || (!is_per_vcpu(virq) && vcpu != 0))
        return Fail{Errno::inval};
    virq = static_cast<u32>(nospec::index(virq, ChannelTable::max_virqs));
    if (!owns_virq(d, virq))
        return Fail{Errno::perm};
    if (!d.vcpu(vcpu))
        return Fail{Errno::noent};
    auto events = d.events.lock();
    if (events->virq_port(vcpu, virq) != EvtchnPort{0})
        return Fail{Errno::exist};
    auto const [port, c] = TRY(open(d, *events));
    c->number = virq;
    c->vcpu = static_cast<u16>(vcpu);
    c->state = State::virq;
    events->set_virq_port(vcpu, virq, port);
    return port;
}

Result<EvtchnPort> bind_ipi(Domain& d, u32 vcpu) {
    if (!d.vcpu(vcpu))
        return Fail{Errno::noent};
    auto events = d.events.lock();
    auto const [port, c] = TRY(open(d, *events));
    c->vcpu = static_cast<u16>(vcpu);
    c->state = State::ipi;
    return port;
}

Result<EvtchnPort> bind_pirq(Domain& d, u32 pirq, bool shared) {
    if (!d.uses_devices())
        return Fail{Errno::perm};
    if (!machine::is_pirq_of(machine::Pirq{pirq}, d.id))
        return Fail{Errno::inval};
    auto events = d.events.lock();
    auto const [port, c] = TRY(open(d, *events));
    if (auto bound = pirq_bindings::bind(pirq, d, port, shared); !bound) {
        events->release(port);
        return Fail{bound.error()};
    }
    c->number = pirq;
    c->state = State::pirq;
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
        // The other side keeps a copy, so that sending looks at one channel only.
        if (with_tables(d, *peer, [&](EventChannels& ours, EventChannels& theirs) {
                Channel* const c = ours.find(port);
                if (!c || c->state != State::interdomain || c->peer != &*peer)
                    return false;
                c->vcpu = static_cast<u16>(vcpu);
                theirs.find(EvtchnPort{c->number})->peer_vcpu = c->vcpu.load();
                return true;
            }))
            return {};
    }
}

}  // namespace evtchn

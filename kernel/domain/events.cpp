// SPDX-License-Identifier: MIT
#include "kernel/domain/events.hpp"

#include <atomic>

#include "kernel/domain/pirq_bindings.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/sched/sched.hpp"

namespace evtchn {
namespace {

constexpr u64 bit_of(u32 n) {
    return u64{1} << n % 64;
}

bool test_and_set(u64& word, u64 bit) {
    return (std::atomic_ref{word}.fetch_or(bit) & bit) != 0;
}
bool test(u64& word, u64 bit) {
    return (std::atomic_ref{word}.load() & bit) != 0;
}

void wake_pollers(Domain& d, EvtchnPort port) {
    for (u32 rest = d.polling.load(); rest != 0; rest &= rest - 1) {
        Vcpu* const v = d.known_vcpu(static_cast<u32>(__builtin_ctz(rest)));
        u32 const waits_for = v->poll_port.load();
        if (waits_for == port.raw() || waits_for == poll_any)
            end_poll(*v);
    }
}

// Whoever notices it asleep wakes it.
[[gnu::noinline]] void wake_sleeper(Vcpu& v) {
    v.domain.polling.fetch_and(~(u32{1} << v.id.raw()));
    sched::wake(v);
}

inline void mark(Vcpu& v) {
    if (__atomic_exchange_n(&v.info->evtchn_upcall_pending, u8{1}, __ATOMIC_SEQ_CST) != 0)
        return;
    // One that runs here looks at this word on its way back to its guest.
    if (&v != machine::current())
        machine::vcpu_notify(v);
    if (v.sched.blocked.load())
        wake_sleeper(v);
}

// Selects the port's word for the vcpu; a domain that is still being built may
// have no such vcpu, which then finds the pending bit when it starts.
inline void select(Domain& d, EvtchnPort port, u32 vcpu) {
    Vcpu* const v = d.known_vcpu(vcpu);
    if (v && !test_and_set(v->info->evtchn_pending_sel, bit_of(port.raw() / 64)))
        mark(*v);
}

}  // namespace

void mark_pending(Vcpu& v) {
    mark(v);
}

void raise(RcuReader const&, Domain& d, EvtchnPort port, u32 vcpu) {
    trace::note_here(trace::Kind::send, trace::of_domain(d.id.raw(), port.raw()));
    shared_info_t* const s = d.shared_info();
    u32 const word = port.raw() / 64;
    u64 const bit = bit_of(port.raw());
    if (test_and_set(s->evtchn_pending[word], bit))
        return;
    if (!test(s->evtchn_mask[word], bit))
        select(d, port, vcpu);
    if (d.polling.load() != 0) [[unlikely]]
        wake_pollers(d, port);
}

Result<> send(Domain& d, EvtchnPort port) {
    using State = Channel::State;
    RcuReader const reading;
    Channel const* const c = d.channels.find(port);
    if (!c)
        return Fail{Errno::inval};
    State const state = c->state;
    if (state == State::unbound)
        return {};  // nobody is there yet
    if (state == State::interdomain)
        raise(reading, *c->peer, EvtchnPort{c->number}, c->peer_vcpu);
    else if (state == State::ipi)
        raise(reading, d, port, c->vcpu);
    else
        return Fail{Errno::inval};
    c->note_send();
    return {};
}

Result<> unmask(Domain& d, EvtchnPort port) {
    RcuReader const reading;
    Channel const* const c = d.channels.find(port);
    if (!c)
        return Fail{Errno::inval};
    u64 const bit = bit_of(port.raw());
    u64& mask = d.shared_info()->evtchn_mask[port.raw() / 64];
    bool const was_masked = (std::atomic_ref{mask}.fetch_and(~bit) & bit) != 0;
    if (was_masked && pending(d, port))
        select(d, port, c->vcpu);
    return {};
}

bool pending(Domain& d, EvtchnPort port) {
    return test(d.shared_info()->evtchn_pending[port.raw() / 64], bit_of(port.raw()));
}

void clear_pending(Domain& d, EvtchnPort port) {
    std::atomic_ref{d.shared_info()->evtchn_pending[port.raw() / 64]}.fetch_and(~bit_of(port.raw()));
}

void begin_poll(Vcpu& v, u32 port) {
    v.poll_port.store(port);
    v.domain.polling.fetch_or(u32{1} << v.id.raw());
}

void end_poll(Vcpu& v) {
    u32 const bit = u32{1} << v.id.raw();
    if ((v.domain.polling.fetch_and(~bit) & bit) != 0)
        sched::wake(v);
}

bool raise_virq(Vcpu& v, u32 virq) {
    Domain& d = v.domain;
    RcuReader const reading;
    EvtchnPort const port = d.channels.virq_port(v.id.raw(), virq);
    Channel const* const c = d.channels.find(port);
    if (c)
        raise(reading, d, port, c->vcpu);
    return c != nullptr;
}

bool raise_global_virq(u32 virq) {
    auto const owner = domains::find(DomId{0});
    if (!owner)
        return false;
    Vcpu* const first = (*owner)->vcpu(0);
    return first && raise_virq(*first, virq);
}

void raise_pirq(u32 pirq) {
    pirq_bindings::raise(pirq);
}

}  // namespace evtchn

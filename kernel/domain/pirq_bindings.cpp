// SPDX-License-Identifier: MIT
#include "kernel/domain/pirq_bindings.hpp"

#include <array>
#include <atomic>

#include "kernel/domain/events.hpp"
#include "kernel/domain/irq_fault.hpp"
#include "kernel/machine/irq.hpp"
#include "kernel/sync/rcu.hpp"

namespace evtchn::pirq_bindings {
namespace {

using machine::Pirq;

// Changed under the lock, read by interrupts without it. The domain stays valid
// while it is seen here: it unbinds, and waits for readers, before it goes.
struct Binding {
    std::atomic<Domain*> domain{nullptr};  // set last
    EvtchnPort port{};
    std::atomic<u32> vcpu{0};
    bool level = false;  // stays masked until its domain has handled it
};

constinit Locked<std::array<Binding, machine::max_pirqs>, Rank::irq> bindings;

}  // namespace

Result<> bind(u32 pirq, Domain& d, EvtchnPort port, bool shared) {
    auto all = bindings.lock();
    if (pirq >= all->size())
        return Fail{Errno::inval};
    Binding& b = (*all)[nospec::index(pirq, all->size())];
    if (b.domain.load())
        return Fail{Errno::exist};
    TRY_VOID(machine::enable_pirq(Pirq{pirq}, shared));
    b.port = port;
    b.vcpu = 0;
    b.level = machine::pirq_needs_eoi(Pirq{pirq});
    b.domain = &d;
    return {};
}

void unbind(u32 pirq) {
    auto all = bindings.lock();
    machine::disable_pirq(Pirq{pirq});
    (*all)[pirq].domain = nullptr;
    rcu::synchronize();
}

void redirect(u32 pirq, u32 vcpu) {
    (*bindings.lock())[pirq].vcpu = vcpu;
}

std::optional<Target> target_of(u32 pirq) {
    auto all = bindings.lock();
    Binding const& b = (*all)[pirq];
    Domain const* const d = b.domain.load();
    return d ? std::optional{Target{d->id, b.port}} : std::nullopt;
}

void raise(u32 pirq) {
    RcuReader const reading;
    Binding const& b = bindings.unlocked()[pirq];
    Domain* const d = b.domain.load();
    if (d == nullptr || (!b.level && irq_fault::strikes(d->id))) [[unlikely]]
        return;
    evtchn::raise(reading, *d, b.port, b.vcpu);
}

u32 raise_all_of(DomId owner) {
    RcuReader const reading;
    u32 raised = 0;
    for (Binding const& b : bindings.unlocked()) {
        Domain* const d = b.domain.load();
        if (d == nullptr || d->id != owner)
            continue;
        evtchn::raise(reading, *d, b.port, b.vcpu);
        ++raised;
    }
    return raised;
}

}  // namespace evtchn::pirq_bindings

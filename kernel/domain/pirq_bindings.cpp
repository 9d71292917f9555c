// SPDX-License-Identifier: MIT
#include "kernel/domain/pirq_bindings.hpp"

#include <array>

#include "kernel/domain/events.hpp"
#include "kernel/machine/irq.hpp"

namespace evtchn::pirq_bindings {
namespace {

using machine::Pirq;

// The domain stays valid: it unbinds, under this lock, before it goes.
struct Binding {
    Domain* domain = nullptr;
    EvtchnPort port{};
    u32 vcpu = 0;
};

constinit Locked<std::array<Binding, machine::max_pirqs>, Rank::irq> bindings;

}  // namespace

Result<> bind(u32 pirq, Domain& d, EvtchnPort port, bool shared) {
    auto all = bindings.lock();
    if (pirq >= all->size())
        return Fail{Errno::inval};
    Binding& b = (*all)[nospec::index(pirq, all->size())];
    if (b.domain)
        return Fail{Errno::exist};
    TRY_VOID(machine::enable_pirq(Pirq{pirq}, shared));
    b = {&d, port, 0};
    return {};
}

void unbind(u32 pirq) {
    auto all = bindings.lock();
    machine::disable_pirq(Pirq{pirq});
    (*all)[pirq] = {};
}

void redirect(u32 pirq, u32 vcpu) {
    (*bindings.lock())[pirq].vcpu = vcpu;
}

bool bound(u32 pirq) {
    auto all = bindings.lock();
    return pirq < all->size() && (*all)[pirq].domain;
}

void raise(u32 pirq) {
    auto all = bindings.lock();
    if (Binding const& b = (*all)[pirq]; b.domain)
        evtchn::raise(*b.domain, b.port, b.vcpu);
}

}  // namespace evtchn::pirq_bindings

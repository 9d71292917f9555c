// SPDX-License-Identifier: MIT
// Which event channel each physical interrupt is bound to.
#pragma once

#include <optional>

#include "kernel/domain/domain.hpp"

namespace evtchn::pirq_bindings {

// exist: bound already (EV-5); or what opening the line says.
Result<> bind(u32 pirq, Domain& d, EvtchnPort port, bool shared);
void unbind(u32 pirq);
// Another vcpu of the same domain is to be notified.
void redirect(u32 pirq, u32 vcpu);
struct Target {
    DomId domain;
    EvtchnPort port;
};
[[nodiscard]] std::optional<Target> target_of(u32 pirq);
void raise(u32 pirq);
// As if each had come that is bound to a port of this domain; how many are.
u32 raise_all_of(DomId owner);

}  // namespace evtchn::pirq_bindings

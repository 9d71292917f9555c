// SPDX-License-Identifier: MIT
// Opening and closing event channels. Callers have settled who may act on `d`.
#pragma once

#include "kernel/domain/domain.hpp"

namespace evtchn {

// A port of `d` that `remote` may bind to. nospc, nomem as all that open ports.
Result<EvtchnPort> alloc_unbound(Domain& d, DomId remote);
// Joins an unbound port of `remote` that waits for `d`. inval otherwise (EV-2).
Result<EvtchnPort> bind_interdomain(Domain& d, Domain& remote, EvtchnPort remote_port);
// inval: no such virq, or a global one with another vcpu than 0; perm: not its
// owner; noent: no such vcpu; exist: bound already (EV-5).
Result<EvtchnPort> bind_virq(Domain& d, u32 virq, u32 vcpu);
Result<EvtchnPort> bind_ipi(Domain& d, u32 vcpu);
Result<EvtchnPort> bind_pirq(Domain& d, u32 pirq, bool shared);

// The other side of an interdomain channel becomes unbound, waiting for us.
Result<> close(Domain& d, EvtchnPort port);
// Closes every port; restart until done.
Result<> close_all(Domain& d);

// Changes which vcpu is notified. inval for IPIs and per-vcpu virqs.
Result<> bind_vcpu(Domain& d, EvtchnPort port, u32 vcpu);

// VIRQs that every vcpu has for itself; the others belong to a domain.
constexpr bool is_per_vcpu(u32 virq) {
    return virq == VIRQ_TIMER || virq == VIRQ_DEBUG || virq == VIRQ_XENOPROF || virq == VIRQ_XENPMU;
}

}  // namespace evtchn

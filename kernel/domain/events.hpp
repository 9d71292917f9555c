// SPDX-License-Identifier: MIT
// Raising events: from a channel or an interrupt to the upcall of a vcpu.
// The words shared with the guest are only ever tested and set, never used as
// an index or a bound (EV-6).
#pragma once

#include "kernel/domain/domain.hpp"
#include "kernel/sync/rcu.hpp"

namespace evtchn {

// Sets `port` of `d` pending and wakes vcpu number `vcpu`, all by the ABI's
// two-level protocol. O(1) but for vcpus inside SCHEDOP_poll (EV-7). Whoever
// found the port as a reader raises it as the same one: so no event arrives at a
// port that has been closed meanwhile, or where a vcpu no longer looks (EV-3).
void raise(RcuReader const&, Domain& d, EvtchnPort port, u32 vcpu);

// Through one of the domain's own ports: to the other side, or to itself. inval:
// no such port, or not one to send through.
Result<> send(Domain& d, EvtchnPort port);
// The other half of unmasking: what became pending while the port was masked is
// delivered now. inval: no such port.
Result<> unmask(Domain& d, EvtchnPort port);

// Virtual interrupts: of one vcpu, or of the initial domain. Nothing happens,
// and the answer is false, when the guest has not bound it. Hold no lock from
// Rank::rcu on.
bool raise_virq(Vcpu& v, u32 virq);
bool raise_global_virq(u32 virq);

// A physical interrupt arrived.
void raise_pirq(u32 pirq);

[[nodiscard]] bool pending(Domain& d, EvtchnPort port);
void clear_pending(Domain& d, EvtchnPort port);

// True when the guest is to be called back as soon as it runs.
inline bool deliverable(Vcpu const& v) {
    return __atomic_load_n(&v.info->evtchn_upcall_pending, __ATOMIC_RELAXED) != 0 &&
           __atomic_load_n(&v.info->evtchn_upcall_mask, __ATOMIC_RELAXED) == 0;
}
// Makes it look at its events: pending is set, and if it sleeps it wakes.
void mark_pending(Vcpu& v);

// SCHEDOP_poll. begin: from now on raising `port`, or with poll_any any port,
// ends the vcpu's sleep. end: that is over; a sleeping vcpu wakes.
inline constexpr u32 poll_any = ~u32{0};
void begin_poll(Vcpu& v, u32 port);
void end_poll(Vcpu& v);

}  // namespace evtchn

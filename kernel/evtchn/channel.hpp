// SPDX-License-Identifier: MIT
// One event channel of a domain: what its port is, and whom it notifies.
#pragma once

#include <atomic>

#include "kernel/abi/xen.hpp"
#include "kernel/base/types.hpp"

struct Domain;

// Changed under its domain's lock (Rank::evtchn); one with two sides under both.
// Read under that lock, or by an RcuReader: which may rely on all fields of the
// state that it saw, for a channel that leaves `interdomain` or becomes free
// takes on nothing new before all readers are through.
struct Channel {
    enum class State : u8 { free, unbound, interdomain, pirq, virq, ipi };  // EVTCHNSTAT_*

    std::atomic<State> state{State::free};  // set last
    std::atomic<u16> vcpu{0};               // of this domain: notified when this port is raised
    DomId peer_id{};                        // unbound: who may bind; interdomain: who did
    std::atomic<u16> peer_vcpu{0};          // interdomain: the other side's `vcpu`
    u32 number = 0;                         // interdomain: the other side's port; else pirq or virq
    // Sent through this port; not exact if several vcpus send at once.
    mutable std::atomic<u64> sends{0};
    // interdomain: the other side. Stays while it is seen here: that domain
    // disconnects this port, and waits for readers, before it goes.
    Domain* peer = nullptr;

    void note_send() const {
        sends.store(sends.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
};
static_assert(sizeof(Channel) == 32);

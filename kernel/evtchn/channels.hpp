// SPDX-License-Identifier: MIT
// The event channels of one domain, as a data structure: which port is what,
// and whom it notifies. Raising events and the hypercall are elsewhere
// (kernel/domain/events.hpp, kernel/hypercall/event_channel_op.cpp).
#pragma once

#include <array>

#include "kernel/abi/xen.hpp"
#include "kernel/base/nospec.hpp"
#include "kernel/base/result.hpp"

struct Domain;

struct Channel {
    enum class State : u8 { free, unbound, interdomain, pirq, virq, ipi };  // EVTCHNSTAT_*

    State state = State::free;
    u16 vcpu = 0;       // of this domain: notified when this port is raised
    DomId peer_id{};    // unbound: who may bind; interdomain: who did
    u16 peer_vcpu = 0;  // interdomain: the other side's `vcpu`
    u32 number = 0;     // interdomain: the other side's port; else pirq or virq
    u64 sends = 0;      // notifications sent through this port
    // interdomain: the other side. Never dangles: that domain disconnects this
    // port, under our lock, before it goes.
    Domain* peer = nullptr;
};
static_assert(sizeof(Channel) == 32);

class EventChannels {
  public:
    static constexpr u32 max_ports = EVTCHN_2L_NR_CHANNELS;
    static constexpr u32 max_virqs = 24;
    static constexpr u32 max_vcpus = XEN_LEGACY_MAX_VCPUS;

    EventChannels() = default;
    EventChannels(EventChannels const&) = delete;
    EventChannels& operator=(EventChannels const&) = delete;
    ~EventChannels();

    // The lowest free port, taken. find() does not know it before its state is
    // set through fresh(). nospc when all are in use; nomem.
    Result<EvtchnPort> allocate();
    [[nodiscard]] Channel& fresh(EvtchnPort port) const {
        return buckets_[port.raw() / per_bucket][port.raw() % per_bucket];
    }
    // The record of a port in use; null for every other number (EV-1).
    Channel* find(EvtchnPort port) {
        u32 const p = port.raw();
        if (p >= max_ports) [[unlikely]]
            return nullptr;
        u64 const i = nospec::index(p, max_ports);
        Channel* const bucket = buckets_[i / per_bucket];
        if (!bucket || bucket[i % per_bucket].state == Channel::State::free) [[unlikely]]
            return nullptr;
        return &bucket[i % per_bucket];
    }
    // Port becomes free. It must be in use, or just allocated.
    void release(EvtchnPort port);

    // The first port in use at or after `from`; max_ports when there is none.
    [[nodiscard]] u32 next_in_use(u32 from) const;
    [[nodiscard]] u32 in_use() const { return in_use_; }

    // Which port a virtual interrupt is bound to; port 0: to none. Global ones
    // are kept with vcpu 0.
    [[nodiscard]] EvtchnPort virq_port(u32 vcpu, u32 virq) const;
    void set_virq_port(u32 vcpu, u32 virq, EvtchnPort port);

  private:
    // One frame holds a bucket; a domain has at most max_ports / per_bucket.
    static constexpr u32 per_bucket = page_size / sizeof(Channel);

    std::array<Channel*, max_ports / per_bucket> buckets_{};
    std::array<u64, max_ports / 64> used_{1};  // port 0 is never valid
    std::array<std::array<u16, max_virqs>, max_vcpus> virq_ports_{};
    u32 in_use_ = 0;
};

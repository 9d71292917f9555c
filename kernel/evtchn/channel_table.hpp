// SPDX-License-Identifier: MIT
// The event channels of one domain as whoever raises events sees them: found by
// port or by virtual interrupt, without a lock.
#pragma once

#include <array>

#include "kernel/base/nospec.hpp"
#include "kernel/evtchn/channel.hpp"

class ChannelTable {
  public:
    static constexpr u32 max_ports = EVTCHN_2L_NR_CHANNELS;
    static constexpr u32 max_virqs = 24;
    static constexpr u32 max_vcpus = XEN_LEGACY_MAX_VCPUS;

    ChannelTable() = default;
    ChannelTable(ChannelTable const&) = delete;
    ChannelTable& operator=(ChannelTable const&) = delete;
    ~ChannelTable();

    // The record of a port in use; null for every other number (EV-1).
    [[nodiscard]] Channel const* find(EvtchnPort port) const {
        u32 const p = port.raw();
        if (p >= max_ports) [[unlikely]]
            return nullptr;
        u64 const i = nospec::index(p, max_ports);
        Channel const* const bucket = buckets_[i / per_bucket].load(std::memory_order_acquire);
        if (!bucket || bucket[i % per_bucket].state.load() == Channel::State::free) [[unlikely]]
            return nullptr;
        return &bucket[i % per_bucket];
    }

    // Which port a virtual interrupt is bound to; port 0: to none. Global ones
    // are kept with vcpu 0.
    [[nodiscard]] EvtchnPort virq_port(u32 vcpu, u32 virq) const {
        return EvtchnPort{virq_ports_[vcpu][virq].load()};
    }

  private:
    friend class EventChannels;  // which alone changes it
    // One frame holds a bucket; a domain has at most max_ports / per_bucket.
    static constexpr u32 per_bucket = page_size / sizeof(Channel);

    std::array<std::atomic<Channel*>, max_ports / per_bucket> buckets_{};
    std::array<std::array<std::atomic<u16>, max_virqs>, max_vcpus> virq_ports_{};
};

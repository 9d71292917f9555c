// SPDX-License-Identifier: MIT
// The event channels of one domain as whoever opens and closes them sees them,
// under the domain's lock. Raising events and the hypercall are elsewhere
// (kernel/domain/events.hpp, kernel/hypercall/event_channel_op.cpp).
#pragma once

#include <array>

#include "kernel/base/result.hpp"
#include "kernel/evtchn/channel_table.hpp"
#include "kernel/mm/budget.hpp"

class EventChannels {
  public:
    static constexpr u32 max_ports = ChannelTable::max_ports;

    explicit EventChannels(ChannelTable& table) : table_{table} {}

    // Sets aside what all ports take, before the first is allocated. nomem.
    Result<> set_aside();
    // For records that are not there yet.
    [[nodiscard]] mm::Budget& budget() { return budget_; }

    // The lowest free port, taken. find() does not know it before its state is
    // set through fresh(). nospc when all are in use; nomem when nothing is set aside.
    Result<EvtchnPort> allocate();
    [[nodiscard]] Channel& fresh(EvtchnPort port) const;
    // As ChannelTable's, to be changed.
    [[nodiscard]] Channel* find(EvtchnPort port) const { return const_cast<Channel*>(table_.find(port)); }
    // Port becomes free. It must be in use, or just allocated.
    void release(EvtchnPort port);

    // The first port in use at or after `from`; max_ports when there is none.
    [[nodiscard]] u32 next_in_use(u32 from) const;
    [[nodiscard]] u32 in_use() const { return in_use_; }

    [[nodiscard]] EvtchnPort virq_port(u32 vcpu, u32 virq) const { return table_.virq_port(vcpu, virq); }
    void set_virq_port(u32 vcpu, u32 virq, EvtchnPort port);

  private:
    ChannelTable& table_;
    mm::Budget budget_;
    std::array<u64, max_ports / 64> used_{1};  // port 0 is never valid
    u32 in_use_ = 0;
};

// SPDX-License-Identifier: MIT
// One receive queue of the chip.
#pragma once

#include "drivers/io/mmio.hpp"
#include "drivers/net/igb/queue_registers.hpp"
#include "drivers/net/igb/regs.hpp"
#include "drivers/net/intel/receive_ring.hpp"

namespace nic::igb {

class RxQueue {
  public:
    static Result<RxQueue> create(u16 index, PacketPool& pool) {
        return RxQueue{index, TRY(intel::ReceiveRing::create(pool, longest_frame))};
    }

    // Fill the ring and let the chip use it. The chip has just been reset.
    Result<> start(io::Mmio const& regs);

    u32 receive(io::Mmio const& regs, std::span<PacketRef> into, QueueCounters& counters);
    [[nodiscard]] bool pending() const { return ring_.pending(); }
    [[nodiscard]] bool nonsense() const { return ring_.nonsense(); }
    // What the chip completes next.
    [[nodiscard]] u32 next() const { return ring_.next(); }
    // What came before the chip was stopped.
    u32 unread(std::span<PacketRef> into, QueueCounters& counters) { return ring_.receive(into, counters); }
    // How many frames found the ring full, as the chip counts them.
    void ask_missed(io::Mmio const& regs, QueueCounters& counters) const {
        counters.rx_missed += take_missed(regs, index_);
    }

    Shadow& give_up() { return ring_.give_up(); }

  private:
    RxQueue(u16 index, intel::ReceiveRing ring) : index_{index}, ring_{std::move(ring)} {}

    u16 index_;
    intel::ReceiveRing ring_;
};

}  // namespace nic::igb

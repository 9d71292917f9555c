// SPDX-License-Identifier: MIT
// One transmit queue of the chip.
#pragma once

#include "drivers/io/mmio.hpp"
#include "drivers/net/igb/descriptors.hpp"

namespace nic::igb {

class TxQueue {
  public:
    static Result<TxQueue> create(u16 index) {
        return TxQueue{index, TRY(intel::TransmitRing::create(tx_format))};
    }

    // The chip has just been reset.
    Result<> start(io::Mmio const& regs);
    Result<> stop(io::Mmio const& regs);

    u32 transmit(io::Mmio const& regs, std::span<PacketRef> packets, QueueCounters& counters);

    // Let go of what was sent.
    void reclaim() { ring_.reclaim(); }
    // The oldest of what is in flight was sent.
    [[nodiscard]] bool pending() const { return ring_.pending(); }
    [[nodiscard]] bool idle() const { return ring_.idle(); }
    [[nodiscard]] bool stuck(Nanos now, bool link_up) { return ring_.stuck(now, link_up); }

    [[nodiscard]] intel::TransmitRing const& ring() const { return ring_; }
    Shadow& give_up() { return ring_.give_up(); }

  private:
    TxQueue(u16 index, intel::TransmitRing ring) : index_{index}, ring_{std::move(ring)} {}

    u16 index_;
    intel::TransmitRing ring_;
};

}  // namespace nic::igb

// SPDX-License-Identifier: MIT
// One transmit queue: packets handed to the chip, and held until it is done.
#pragma once

#include "drivers/io/mmio.hpp"
#include "drivers/net/igb/ring.hpp"
#include "drivers/net/nic.hpp"

namespace nic::igb {

class TxQueue {
  public:
    static Result<TxQueue> create(u16 index) { return TxQueue{index, TRY(Ring::create())}; }

    // The chip has just been reset.
    Result<> start(io::Mmio const& regs);

    u32 transmit(io::Mmio const& regs, std::span<PacketRef> packets, Nanos now, Counters& counters);

    // Let go of what was sent.
    void reclaim(Nanos now);

    // Something is in flight and nothing has been for this long.
    [[nodiscard]] bool stuck(Nanos now, Nanos limit) const {
        return in_flight() != 0 && now - last_progress_ > limit;
    }

    Ring& ring() { return ring_; }

  private:
    TxQueue(u16 index, Ring ring) : index_{index}, ring_{std::move(ring)} {}

    [[nodiscard]] u32 in_flight() const { return (next_ - clean_) % ring_size; }
    [[nodiscard]] u32 room() const { return ring_size - 1 - in_flight(); }
    [[nodiscard]] u32 last_of_oldest() const;
    void put_context(Packet const& packet);
    void put_data(PacketRef packet);

    u16 index_;
    Ring ring_;
    u32 next_ = 0;          // where the next descriptor goes
    u32 clean_ = 0;         // the oldest one not reclaimed
    Descriptor context_{};  // what the chip was told last; zero is none
    Nanos last_progress_ = 0;
};

}  // namespace nic::igb

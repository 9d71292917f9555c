// SPDX-License-Identifier: MIT
// One receive queue: buffers posted to the chip, frames taken from it.
#pragma once

#include <memory>

#include "drivers/io/mmio.hpp"
#include "drivers/net/igb/ring.hpp"
#include "drivers/net/nic.hpp"
#include "drivers/net/pool.hpp"

namespace nic::igb {

class RxQueue {
  public:
    static Result<RxQueue> create(u16 index, PacketPool& pool) {
        return RxQueue{index, pool, TRY(Ring::create())};
    }

    // Fill the ring and let the chip use it. The chip has just been reset.
    Result<> start(io::Mmio const& regs);

    u32 receive(io::Mmio const& regs, std::span<PacketRef> into, Counters& counters);
    [[nodiscard]] bool pending() const { return RxDone::DD::in({ring_.done_word(next_)}) != 0; }

    Ring& ring() { return ring_; }

  private:
    RxQueue(u16 index, PacketPool& pool, Ring ring) : index_{index}, pool_{&pool}, ring_{std::move(ring)} {}

    void post(u32 index);
    void take(io::Bits<RxDone> done, PacketRef& frame, Counters& counters);
    [[nodiscard]] static bool acceptable(io::Bits<RxDone> done, u32 before);

    u16 index_;
    PacketPool* pool_;
    Ring ring_;
    u32 next_ = 0;             // what the chip completes next
    PacketRef unfinished_;     // a frame longer than a buffer, of which not all has come
    bool discarding_ = false;  // until the end of a frame that is no good
};

}  // namespace nic::igb

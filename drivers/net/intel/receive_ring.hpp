// SPDX-License-Identifier: MIT
// Receiving as Intel's gigabit chips do it, but for the registers: buffers
// posted, frames taken.
#pragma once

#include <memory>

#include "drivers/net/intel/ring.hpp"
#include "drivers/net/nic.hpp"
#include "drivers/net/pool.hpp"

namespace nic::intel {

class ReceiveRing {
  public:
    static Result<ReceiveRing> create(PacketPool& pool, u32 longest_frame) {
        return ReceiveRing{pool, longest_frame, TRY(Ring::create())};
    }

    // From the start, with a buffer in every place.
    Result<> fill();

    u32 receive(std::span<PacketRef> into, QueueCounters& counters);
    [[nodiscard]] bool pending() const { return RxDone::DD::in({ring_.done_word(next_)}) != 0; }
    // Nothing more fits: frames may have been missed.
    [[nodiscard]] bool full() const {
        return RxDone::DD::in({ring_.done_word((tail() + ring_size - 1) % ring_size)}) != 0;
    }
    // The chip has claimed what cannot be, since the ring was filled: who knows what else is not true.
    [[nodiscard]] bool nonsense() const { return nonsense_; }
    // One place is never given away: head equal to tail means empty.
    [[nodiscard]] u32 tail() const { return (next_ + ring_size - 1) % ring_size; }

    // What the chip completes next.
    [[nodiscard]] u32 next() const { return next_; }

    [[nodiscard]] Maddr maddr() const { return ring_.maddr(); }
    // Nothing is received any more, whatever the chip goes on to claim: the
    // buffers, to be taken back.
    [[nodiscard]] Shadow& give_up() {
        filled_ = false;
        return ring_.shadow();
    }

  private:
    ReceiveRing(PacketPool& pool, u32 longest_frame, Ring ring)
        : pool_{&pool}, longest_frame_{longest_frame}, ring_{std::move(ring)} {}

    void post(u32 index);
    void take(io::Bits<RxDone> done, PacketRef& frame, QueueCounters& counters);

    PacketPool* pool_;
    u32 longest_frame_;
    Ring ring_;
    u32 next_ = 0;          // what the chip completes next
    PacketRef unfinished_;  // a frame longer than a buffer, of which not all has come
    bool filled_ = false;   // there is a buffer in every place
    bool nonsense_ = false;
    bool discarding_ = false;  // until the end of a frame that is no good
};

}  // namespace nic::intel

// SPDX-License-Identifier: MIT
// A receive ring of somebody else's pages: they are posted in an order and come
// back in that order, whatever becomes of the card meanwhile.
//
//     done_ (told of, not yet asked for) | [next_ .. tail_) posted at the chip
#pragma once

#include <array>
#include <vector>

#include "drivers/net/intel/ring.hpp"
#include "drivers/net/own_queue.hpp"

namespace nic::intel {

class PageRing {
  public:
    static Result<PageRing> create(u32 longest_frame) {
        return PageRing{longest_frame, TRY(Descriptors::create())};
    }

    // One place is never given away: head equal to tail means empty.
    [[nodiscard]] u32 room() const { return ring_size - 1 - posted() - static_cast<u32>(done_.size()); }
    void post(std::span<Maddr const> pages);

    u32 completed(std::span<Filled> into, QueueCounters& counters);
    // The chip has no page left.
    [[nodiscard]] bool empty() const { return posted() == 0; }
    [[nodiscard]] bool pending() const;
    // As that of a ReceiveRing; until rewind().
    [[nodiscard]] bool nonsense() const { return nonsense_; }

    // The chip has stopped and forgotten everything: the pages it has not
    // filled lie in the ring from its start again, in the same order.
    void rewind(QueueCounters& counters);
    // The chip has stopped for good. How many pages were never filled.
    u32 finish(QueueCounters& counters);

    [[nodiscard]] u32 tail() const { return tail_; }
    // What the chip completes next.
    [[nodiscard]] u32 next() const { return next_; }
    [[nodiscard]] Descriptors const& descriptors() const { return descriptors_; }

  private:
    PageRing(u32 longest_frame, Descriptors descriptors)
        : longest_frame_{longest_frame}, descriptors_{std::move(descriptors)} {}

    [[nodiscard]] u32 posted() const { return (tail_ - next_) % ring_size; }
    u32 take_frame(std::span<Filled> into, QueueCounters& counters);
    u32 take_pieces(std::span<Filled> into, QueueCounters& counters);
    u32 take_bad(std::span<Filled> pieces, bool ended, QueueCounters& counters);
    u32 repeat(std::span<Filled> into);
    void put(Maddr page);
    void save_done(QueueCounters& counters);

    u32 longest_frame_;
    Descriptors descriptors_;
    std::array<Maddr, ring_size> pages_{};
    std::vector<Filled> done_;  // before the chip was stopped
    u32 next_ = 0;              // what the chip completes next
    u32 tail_ = 0;              // where the next page goes
    bool nonsense_ = false;
    bool discarding_ = false;  // until the end of a frame that is no good
};

}  // namespace nic::intel

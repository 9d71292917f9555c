// SPDX-License-Identifier: MIT
// Which interfaces get the cards' queues when there are more interfaces than
// queues: those for which somebody asked by name, then the busiest. Pure: it is
// told loads and says who moves.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "kernel/base/types.hpp"

namespace net {

class QueueShares {
  public:
    using Id = std::pair<u32, u32>;  // guest, handle

    // An interface that would use a queue.
    struct Candidate {
        Id id;
        u64 packets = 0;  // ever, either way
        bool has_queue = false;
        bool by_name = false;
    };

    // Who gives its queue up for whom.
    struct Move {
        std::optional<Id> from;  // none: one is free
        Id to;

        friend bool operator==(Move const&, Move const&) = default;
    };

    // About once a second.
    void follow(std::vector<Candidate> const& candidates);

    // What is to be done next, until nothing is. For the busiest one move at
    // most until the next follow(): loads look different after it.
    std::optional<Move> next(std::vector<Candidate> const& candidates, u32 queues);

  private:
    struct Known {
        Id id;
        u64 packets = 0;
        u64 load = 0;  // packets of late: each second counts half of the next
    };

    [[nodiscard]] u64 load_of(Id id) const;

    std::vector<Known> known_;
    bool fresh_ = false;
};

}  // namespace net

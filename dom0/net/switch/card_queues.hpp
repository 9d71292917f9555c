// SPDX-License-Identifier: MIT
// The queues of the cards as they are just now, for people.
#pragma once

#include <vector>

#include "dom0/net/switch/cards.hpp"

namespace net {

// The common queues of a card together, or the pair of queues of one station.
struct CardQueue {
    usize card = 0;                 // its number
    std::optional<nic::Mac> own{};  // the station whose it is; none: common
    u32 queues = 1;
    u32 tx_waiting = 0;  // frames on their way to the card, and how many more may be
    u32 tx_room = 0;
    u32 rx_room = 0;  // pages that the owner may still post
    nic::QueueCounters counters{};
    u64 overruns = 0;  // frames that found the queue full, or that it cannot send
    u64 flawed = 0;    // frames that came unfinished in a way that nobody can finish
};

std::vector<CardQueue> queues_of(Cards const& cards);

}  // namespace net

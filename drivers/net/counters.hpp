// SPDX-License-Identifier: MIT
// What is counted of a card and its queues. Every frame that was not delivered
// is in one of these, where the card tells of it.
#pragma once

#include "kernel/base/types.hpp"

namespace nic {

struct QueueCounters {
    u64 rx_packets = 0;
    u64 rx_bytes = 0;
    u64 rx_bad = 0;        // damaged, or a write-back that makes no sense
    u64 rx_no_buffer = 0;  // came while the pool was empty
    u64 rx_missed = 0;     // the card says it had nowhere to put it; not every card counts
    u64 rx_lost = 0;       // came, but nobody had taken it when the card was reset
    u64 tx_packets = 0;
    u64 tx_bytes = 0;
    u64 tx_lost = 0;  // in flight when the card was reset

    QueueCounters& operator+=(QueueCounters const& other) {
        rx_packets += other.rx_packets;
        rx_bytes += other.rx_bytes;
        rx_bad += other.rx_bad;
        rx_no_buffer += other.rx_no_buffer;
        rx_missed += other.rx_missed;
        rx_lost += other.rx_lost;
        tx_packets += other.tx_packets;
        tx_bytes += other.tx_bytes;
        tx_lost += other.tx_lost;
        return *this;
    }
};

struct Counters : QueueCounters {
    u64 resets = 0;
    u64 leaked_buffers = 0;  // the card could not be proven stopped
};

}  // namespace nic

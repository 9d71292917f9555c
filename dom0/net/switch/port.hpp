// SPDX-License-Identifier: MIT
// What is plugged into the switch: a card, or a guest's interface.
#pragma once

#include <span>

#include "drivers/net/nic.hpp"

namespace net {

class Port {
  public:
    struct Polled {
        u32 packets = 0;
        bool more = false;   // poll again before sleeping
        Nanos retry_at = 0;  // or then; zero: at the next event
    };

    virtual ~Port() = default;

    // Frames from outside, into these empty places, until they have `most_bytes`
    // in all; the last one may go beyond.
    virtual Polled poll(std::span<nic::PacketRef> into, u64 most_bytes, Nanos now) = 0;

    // A frame for outside, taken unless it is dropped; it may wait until flush().
    // False when this or an older one was dropped for want of room.
    virtual bool enqueue(nic::PacketRef&& packet) = 0;

    // A frame for outside was lost for want of a buffer.
    virtual void count_lost() = 0;

    // Send what was enqueued. True when some is left that only trying again
    // will move.
    virtual bool flush(Nanos now) = 0;

    // Ask for an event at the next thing to do; true when it is here already.
    virtual bool arm() = 0;

    // The networks of all guests' interfaces, when that changes.
    virtual void hear(nic::Vlans const&) {}

    // About once a second.
    virtual void tick(Nanos now) = 0;
};

}  // namespace net

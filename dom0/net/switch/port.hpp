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

    // Frames for outside, taken or left to be dropped; they may wait until
    // flush(). How many, of these or older ones, were dropped for want of room.
    virtual u32 enqueue(std::span<nic::PacketRef> frames) = 0;

    // A frame was lost for want of a buffer, or its sender took it back.
    virtual void count_lost() = 0;

    // Send what was enqueued. True when some is left that only trying again
    // will move.
    virtual bool flush(Nanos now) = 0;

    // Ask for an event at the next thing to do; true when it is here already.
    virtual bool arm() = 0;

    // The networks of all guests' interfaces, when that changes.
    virtual void hear(nic::Vlans const&) {}

    // About once a second. When it wants to be polled, should no event come first; zero: it does not.
    virtual Nanos tick(Nanos now) = 0;
};

}  // namespace net

// SPDX-License-Identifier: MIT
// A pair of queues of a card that belongs to one station: the card finds the
// station's frames among all others and writes them into pages that the owner
// of the queue posts, so nobody looks at a frame twice and nobody copies it.
//
//     own_queue() -> post() -> steer() -> { post() completed() transmit() } -> retire() -> completed()
//                              \__ only now, so no frame finds the queue without pages
//
// One thread uses a queue, the one that polls its card. Another may get it and
// end it: retire() and what waits for the card let others run.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "drivers/net/counters.hpp"
#include "drivers/net/mac.hpp"
#include "drivers/net/packet.hpp"
#include "drivers/net/places.hpp"
#include "kernel/base/result.hpp"

namespace nic {

struct Station {
    Mac mac;
    u32 max_frame = frame_bytes(1500);  // longer ones are not for it
    u16 vlan = 0;                       // its network, whose tag it never sees; 0: that without tags
};

// What became of one posted page.
struct Filled {
    u16 length = 0;  // zero: nothing of use, the frame was damaged
    bool end_of_frame = true;
    Checksum checksum = Checksum::unknown;  // told with the end of the frame
    bool tcp = false;                       // the same: a segment that the card has looked into

    friend bool operator==(Filled, Filled) = default;
};

class OwnQueue {
  public:
    // As retire(). A page that the card may still write to is lost for good:
    // who needs to know which they are calls retire() first.
    virtual ~OwnQueue() = default;

    // How many pages can be posted now.
    [[nodiscard]] virtual u32 room() const = 0;

    // Whole pages, filled in this order; at most room(). They belong to the
    // card until completed() or retire() gives them back.
    virtual void post(std::span<Maddr const> pages) = 0;

    // What has become of the oldest pages, in the order of posting. A frame of
    // several pages is told whole or not at all, so `into` has place for at
    // least as many pages as the station's longest frame may need.
    virtual u32 completed(std::span<Filled> into) = 0;

    // From now on the station's frames come here, together with broadcasts and
    // multicasts. What came earlier is in the card's common queue; sent by the
    // card once more, it comes here too, as do frames of other stations that
    // the driver domain transmits to this one.
    virtual void steer() = 0;

    // Frames of the station to others. The card keeps broadcasts from coming
    // back where it can. How many fit; those are taken from the front.
    virtual u32 transmit(std::span<PacketRef> packets) = 0;

    // As Nic::arm; also when something sent is done with.
    virtual bool arm() = 0;

    // As those of Nic.
    [[nodiscard]] virtual Places places() const { return {}; }
    [[nodiscard]] virtual std::optional<u32> place_of(Packet const&) const { return std::nullopt; }

    // Frames go back to the common queue, and the card is proven to have
    // stopped writing. Those who are done are still to be had by completed();
    // the answer says how many of the last posted were never filled. An error
    // means no such proof: every page not completed stays the card's for ever.
    virtual Result<u32> retire() = 0;

    [[nodiscard]] virtual QueueCounters const& counters() const = 0;
};

// Called when the queue has something; must not block.
using OwnWake = std::function<void()>;

}  // namespace nic

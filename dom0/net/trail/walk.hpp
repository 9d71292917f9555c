// SPDX-License-Identifier: MIT
// Follows one real frame to a guest or from it. Those who handle frames show
// their batches until one has a frame that fits; from then on the walk knows it
// by its place in memory, in a ring or at a card, and stamps where it is seen.
//
//     to the guest:    received  decided  rx_pushed  rx_seen
//     from the guest:  tx_taken  decided  sent  cleaned  tx_seen
//
// A frame that a card delivers by a queue of the guest's own passes nobody here:
// the walk then has what the card wrote back and the response that tells of it.
#pragma once

#include <optional>

#include "dom0/net/bridge/bridge.hpp"
#include "drivers/net/packet.hpp"
#include "drivers/net/places.hpp"
#include "kernel/abi/mark.hpp"
#include "kernel/base/fixed_vector.hpp"

namespace net::trail {

enum class Station : u8 {
    received,   // taken from a queue of a card
    decided,    // the bridge knows where it goes
    rx_pushed,  // response on the ring of a guest that gets it
    rx_seen,    // which that guest has looked at
    tx_taken,   // request of the guest that sends it, brought here and answered
    tx_seen,    // which that guest has looked at
    sent,       // given to a card
    cleaned,    // which has sent it
};

struct Stamp {
    Station station{};
    Nanos at = 0;
    mark::Mark batch{};  // that it was part of; of `decided`, from where to where
    u32 place = 0;       // descriptor, or number of the request or response
    u32 bytes = 0;       // of the frame; zero: not known here
};

// A response on a ring of a guest's.
struct RingPlace {
    u16 guest = 0;
    u8 queue = 0;
    bool to_guest = false;
    u32 number = 0;

    friend bool operator==(RingPlace const&, RingPlace const&) = default;
};

// As marks say it.
u32 port_of(bridge::Route const& route);

class Walk {
  public:
    struct Target {
        DomId guest{};
        bridge::PortId port{};
        bool to_guest = false;
    };
    explicit Walk(Target target) : target_{target} {}

    // Everything that is stamped, in this order.
    using Stamps = FixedVector<Stamp, 16>;
    [[nodiscard]] Stamps const& stamps() const { return stamps_; }
    using Awaited = FixedVector<RingPlace, 2>;
    // Guests that have it, or its response, but have not looked there yet.
    [[nodiscard]] Awaited const& awaited() const { return awaited_; }

    [[nodiscard]] Target const& target() const { return target_; }
    [[nodiscard]] bool chosen() const { return chosen_; }
    // Null: none yet, or it is in no memory of ours any more.
    [[nodiscard]] nic::Packet const* packet() const;
    // Nobody else has it, and nobody has brought it to its end.
    [[nodiscard]] bool lost() const { return travels_ && held_ && !held_.shared(); }
    // It has left this domain for good. What may still come is a sender's look at
    // the response, for which there is no hurry.
    [[nodiscard]] bool arrived() const;
    // There is nothing left to wait for.
    [[nodiscard]] bool done() const { return arrived() && awaited_.empty(); }

    // A batch of anybody's.
    void pass(mark::Mark const& mark, u32 ring_size, Nanos now);
    // Frame number `index` of what a port has just brought; true: that is the one.
    bool offer(nic::PacketRef const& packet, u32 index, bridge::PortId from, bridge::Route const& route,
               Nanos now);
    // It was none of those.
    void pass_over() { recent_.clear(); }
    // The frame is at a card, with the batch.
    void sent(mark::Mark const& batch, u32 place, Nanos now);
    // It has response `number`, with the batch.
    void pushed(mark::Mark const& batch, u32 number, Nanos now);
    // A card has filled pages of the target by itself, with so many bytes in all.
    void delivered(mark::Mark const& batch, u32 bytes, Nanos now);
    // One of those awaited was looked at.
    void seen(RingPlace const& place, Nanos now);

  private:
    struct AtCard {
        u8 queue = 0;
        u32 place = 0;
    };
    static constexpr usize most_recent = 8;
    struct Recent {
        Stamp stamp;
        u32 ring_size = 0;
    };

    [[nodiscard]] bool fits(bridge::PortId from, bridge::Route const& route) const;
    void adopt(Recent const& recent, u32 index);
    void await(RingPlace const& place) { static_cast<void>(awaited_.push(place)); }
    void stamp(Stamp const& stamp) { static_cast<void>(stamps_.push(stamp)); }
    void arrive();

    Target target_;
    bool chosen_ = false;
    bool travels_ = false;  // through memory of ours
    // By its place in memory. It is held, so that no other frame gets that place,
    // unless that would change what becomes of it: a card cuts only what nobody else
    // holds, and what is lent waits for its last holder.
    nic::Packet const* packet_ = nullptr;
    nic::PacketRef held_;
    u32 bytes_ = 0;
    u32 brought_ = 0;  // of these; the rest its sender lends
    Awaited awaited_;
    std::optional<AtCard> at_card_;
    FixedVector<Recent, most_recent> recent_;  // of the batch that is being handled, while nothing is chosen
    Stamps stamps_;
};

}  // namespace net::trail

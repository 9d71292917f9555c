// SPDX-License-Identifier: MIT
// What is asked of a card, and while somebody wants to know, what that did.
#pragma once

#include <concepts>

#include "dom0/net/trail/trail.hpp"

namespace net::trail {

// `receive` says how many frames, or pages, it took; `places` where the queue stands.
template <std::invocable Places, std::invocable Receive>
u32 watch_receive(Places places, Receive receive) {
    if (!on) [[likely]]
        return receive();
    nic::Places const before = places();
    u32 const count = receive();
    received(before, places(), count);
    return count;
}

// `place_of` finds a frame that the card has.
template <std::invocable Places, std::invocable<nic::Packet const&> PlaceOf, std::invocable Transmit>
u32 watch_transmit(Places places, PlaceOf place_of, Transmit transmit) {
    if (!on) [[likely]]
        return transmit();
    nic::Packet const* const followed = walk() != nullptr ? walk()->packet() : nullptr;
    nic::Places const before = places();
    u32 const count = transmit();
    sent(before, places(), count, followed != nullptr ? place_of(*followed) : std::nullopt);
    return count;
}

}  // namespace net::trail

// SPDX-License-Identifier: MIT
// What a pair of rings tells those who follow frames (dom0/net/trail).
#include "dom0/net/netback/queue_pair.hpp"
#include "dom0/net/trail/trail.hpp"

namespace netback {

namespace trail = net::trail;

namespace {

mark::Mark mark_of(mark::Step step, QueuePair::Owner owner, u32 first, u32 count, bool told) {
    return {.step = step,
            .notified = told,
            .queue = owner.queue,
            .owner = owner.guest.raw(),
            .count = static_cast<u16>(count),
            .first = first};
}

}  // namespace

void QueuePair::tell_taken(u32 slots, bool told) const {
    if (slots != 0)
        trail::note(mark_of(mark::Step::tx_taken, owner_, tx_.ring().consumed() - slots, slots, told));
    tell_looked_at();
}

Result<bool> QueuePair::flush_followed(Nanos now) {
    trail::Walk const* const walk = trail::walk();
    nic::Packet const* const packet = walk != nullptr ? walk->packet() : nullptr;
    auto const followed = packet != nullptr ? rx_.response_of(*packet) : std::nullopt;
    u32 const first = rx_.ring().produced();
    u64 const bytes = counters_.rx_bytes;
    bool const notify = TRY(flush_rx(now));
    tell_pushed({first, counters_.rx_bytes - bytes}, notify, followed);
    tell_looked_at();
    // What a card brought here is not for the bridge.
    if (trail::Walk* const any = trail::walk())
        any->pass_over();
    return notify;
}

// A card's pages are told of together, and none of them has a frame of ours.
void QueuePair::tell_pushed(Pushed pushed, bool notify, std::optional<u32> followed) const {
    u32 const count = rx_.ring().produced() - pushed.first;
    if (count == 0)
        return;
    auto const mark = mark_of(mark::Step::rx_pushed, owner_, pushed.first, count, notify);
    trail::note(mark);
    trail::Walk* const walk = trail::walk();
    if (walk == nullptr)
        return;
    if (card_)
        walk->delivered(mark, static_cast<u32>(pushed.bytes), rt::now());
    else if (followed && *followed - pushed.first < count)
        walk->pushed(mark, *followed, rt::now());
}

void QueuePair::tell_looked_at() const {
    trail::Walk* const walk = trail::walk();
    if (walk == nullptr)
        return;
    auto const awaited = walk->awaited();
    for (trail::RingPlace const& place : awaited) {
        bool const mine = place.guest == owner_.guest.raw() && place.queue == owner_.queue;
        if (mine &&
            (place.to_guest ? rx_.ring().looked_at(place.number) : tx_.ring().looked_at(place.number)))
            walk->seen(place, rt::now());
    }
}

}  // namespace netback

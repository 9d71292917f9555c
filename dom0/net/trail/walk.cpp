// SPDX-License-Identifier: MIT
#include "dom0/net/trail/walk.hpp"

#include <algorithm>

namespace net::trail {

namespace {

using mark::Mark;
using mark::Step;

Station station_of(Step step) {
    return step == Step::received ? Station::received : Station::tx_taken;
}

// Whether `place` is one of so many that begin with `first`.
bool covers(u32 first, u32 count, u32 place, u32 ring_size) {
    u32 const ahead = ring_size == 0 ? place - first : (place - first) % ring_size;
    return ahead < count;
}

}  // namespace

u32 port_of(bridge::Route const& route) {
    switch (route.to) {
        case bridge::Route::To::nowhere:
            return mark::nowhere;
        case bridge::Route::To::all_others:
            return mark::everywhere;
        case bridge::Route::To::one:
            break;
    }
    return route.port.raw();
}

nic::Packet const* Walk::packet() const {
    bool const same = travels_ && (held_ || packet_->total() == bytes_);
    return same ? packet_ : nullptr;
}

bool Walk::arrived() const {
    auto const to_guest = [](RingPlace const& place) { return place.to_guest; };
    return chosen_ && !travels_ && !at_card_ && std::ranges::none_of(awaited_, to_guest);
}

void Walk::pass(Mark const& mark, u32 ring_size, Nanos now) {
    bool const first = mark.step == Step::received || mark.step == Step::tx_taken;
    if (!chosen_ && first) {
        if (recent_.size() == most_recent)
            recent_.clear();
        static_cast<void>(recent_.push({{station_of(mark.step), now, mark, mark.first, 0}, ring_size}));
    }
    bool const its_queue = at_card_ && mark.step == Step::cleaned && mark.queue == at_card_->queue;
    if (!its_queue || !covers(mark.first, mark.count, at_card_->place, ring_size))
        return;
    stamp({Station::cleaned, now, mark, at_card_->place, 0});
    at_card_.reset();
}

bool Walk::fits(bridge::PortId from, bridge::Route const& route) const {
    if (!target_.to_guest)
        return from == target_.port;
    if (route.to == bridge::Route::To::one)
        return route.port == target_.port;
    return route.to == bridge::Route::To::all_others && from != target_.port;
}

bool Walk::offer(nic::PacketRef const& packet, u32 index, bridge::PortId from, bridge::Route const& route,
                 Nanos now) {
    if (chosen_ || !fits(from, route))
        return false;
    chosen_ = travels_ = true;
    packet_ = &*packet;
    bytes_ = packet->total();
    brought_ = packet->lender != nullptr ? packet->length : bytes_;
    if (!packet->is_large() && packet->lender == nullptr)
        held_ = packet.share();
    // A card's queues are asked one after the other.
    for (Recent const& each : recent_) {
        if (each.stamp.station != Station::received || index < each.stamp.batch.count) {
            adopt(each, index);
            break;
        }
        index -= each.stamp.batch.count;
    }
    recent_.clear();
    Mark const decision{
        .step = Step::decided, .owner = static_cast<u16>(from.raw()), .first = port_of(route)};
    stamp({Station::decided, now, decision, 0, bytes_});
    if (route.to == bridge::Route::To::nowhere)
        arrive();
    return true;
}

// Which of its batch's requests a frame was in is known of the first alone.
void Walk::adopt(Recent const& recent, u32 index) {
    Stamp its = recent.stamp;
    its.bytes = its.station == Station::tx_taken ? brought_ : bytes_;
    bool const by_card = its.station == Station::received;
    if (by_card && recent.ring_size != 0)
        its.place = (its.batch.first + index) % recent.ring_size;
    stamp(its);
    if (!by_card && its.batch.owner == target_.guest.raw() && !target_.to_guest)
        await({its.batch.owner, its.batch.queue, false, its.batch.first + its.batch.count - 1});
}

void Walk::arrive() {
    travels_ = false;
    packet_ = nullptr;
    held_.reset();
}

void Walk::sent(Mark const& batch, u32 place, Nanos now) {
    if (!travels_)
        return;
    stamp({Station::sent, now, batch, place, bytes_});
    at_card_ = AtCard{batch.queue, place};
    arrive();
}

void Walk::pushed(Mark const& batch, u32 number, Nanos now) {
    if (!travels_ || (target_.to_guest && batch.owner != target_.guest.raw()))
        return;
    stamp({Station::rx_pushed, now, batch, number, bytes_});
    await({batch.owner, batch.queue, true, number});
    arrive();
}

void Walk::delivered(Mark const& batch, u32 bytes, Nanos now) {
    if (chosen_ || !target_.to_guest || batch.owner != target_.guest.raw())
        return;
    chosen_ = true;
    if (!recent_.empty())
        stamp(recent_.back().stamp);
    recent_.clear();
    stamp({Station::rx_pushed, now, batch, batch.first, batch.count == 1 ? bytes : 0});
    await({batch.owner, batch.queue, true, batch.first});
}

void Walk::seen(RingPlace const& place, Nanos now) {
    auto* const its = std::ranges::find(awaited_, place);
    if (its == awaited_.end())
        return;
    Mark const ring{.queue = place.queue, .owner = place.guest};
    stamp({place.to_guest ? Station::rx_seen : Station::tx_seen, now, ring, place.number, 0});
    Awaited left;
    for (RingPlace const& each : awaited_)
        if (&each != its)
            static_cast<void>(left.push(each));
    awaited_ = left;
}

}  // namespace net::trail

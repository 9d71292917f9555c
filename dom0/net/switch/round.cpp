// SPDX-License-Identifier: MIT
// A round of the switch: poll, forward, flush, arm. Pure but for the ports.
#include <algorithm>
#include <utility>

#include "dom0/net/frame/vlan.hpp"
#include "dom0/net/switch/switch.hpp"
#include "dom0/net/trail/trail.hpp"
#include "drivers/io/clock.hpp"
#include "drivers/net/lender.hpp"

namespace net {

Result<PortId> Switch::attach(Port& port, Plug const& plug) {
    auto const id = bridge_.add_port(plug.vlans);
    if (!id)
        return Fail{Errno::nospc};
    // Two guests with one address: the first has it, the other one's is learned.
    if (plug.station)
        static_cast<void>(bridge_.pin(*plug.station, *id));
    if (plug.shares)
        shares_.add(*id);
    ports_[id->raw()] = &port;
    present_.add(*id);
    pending_.add(*id);
    tell_networks();
    return *id;
}

void Switch::detach(PortId port) {
    move_out(port);
    bridge_.remove_port(port);
    shares_.remove(port);
    for (bridge::PortSet* set : {&present_, &pending_, &dirty_, &idle_, &delayed_, &resting_})
        set->remove(port);
    ports_[port.raw()] = nullptr;
    watchers_[port.raw()].reset();
    std::ranges::replace(watchers_, std::optional{port}, std::nullopt);
    tell_networks();
}

void Switch::tell_networks() {
    nic::Vlans all;
    present_.for_each([&](PortId id) {
        if (shares_.has(id))
            bridge_.vlans(id).add_to(all);
    });
    present_.for_each([&](PortId id) { ports_[id.raw()]->hear(all); });
}

Result<> Switch::settle(PortId port, nic::Mac station, PortId card, Residence& residence) {
    if (!bridge_.settle(station, port, card))
        return Fail{Errno::opnotsupp};
    homes_[port.raw()] = {&residence, card, station};
    settled_.add(port);
    return {};
}

void Switch::move_out(PortId port) {
    if (!settled_.has(port))
        return;
    Home const home = std::exchange(homes_[port.raw()], {});
    settled_.remove(port);
    bool others = false;
    settled_.for_each([&](PortId id) { others = others || homes_[id.raw()].card == home.card; });
    bridge_.move_out(home.station, port, home.card, others);
}

void Switch::flush(PortId port, Nanos now) {
    if (ports_[port.raw()]->flush(now)) {
        dirty_.add(port);
        pending_.add(port);
    }
}

void Switch::round(Nanos now) {
    if (now >= next_retry_)
        end_delays(now);
    auto const turns = next_turns(now);
    turns.for_each([&](PortId id) { poll(id, now); });
    auto const touched = std::exchange(dirty_, {});
    touched.for_each([&](PortId id) { flush(id, now); });
    std::exchange(idle_, {}).for_each([&](PortId id) {
        if (!pending_.has(id) && !resting_.has(id) && ports_[id.raw()]->arm())
            pending_.add(id);
    });
}

bridge::PortSet Switch::next_turns(Nanos now) {
    auto const light =
        shares_.contended(now) && heard_ ? shares_.with_turn(pending_, now) : bridge::PortSet{};
    heard_ = false;
    if (light.empty()) {
        shares_.next_cycle();
        return std::exchange(pending_, {});
    }
    auto const turns = light.united(shares_.others(pending_));
    pending_ = pending_.without(turns);
    return turns;
}

// Every port that had a turn is flushed as well: the event that brought it
// here may have been about room rather than frames.
void Switch::poll(PortId id, Nanos now) {
    auto const turn = shares_.turn(id, now);
    if (!turn)
        return pending_.add(id);  // its last turn was too long
    auto const polled = ports_[id.raw()]->poll(std::span{batch_}.first(turn.frames), turn.bytes, now);
    auto const batch = std::span{batch_}.first(polled.packets);
    u64 bytes = 0;
    refused_ = 0;
    memo_.forget();
    if (trail::on) [[unlikely]]
        offer(id, batch, now);
    for (nic::PacketRef const& packet : batch) {
        bytes += packet->total();
        packet->sender = id.raw();
    }
    for (u32 done = 0; done < batch.size();)
        done += forward(batch.subspan(done), id, now);
    for (nic::PacketRef& packet : batch)
        packet.reset();  // what nobody took
    heard_ = heard_ || (polled.packets != 0 && shares_.has(id));
    shares_.took(id, polled.packets, bytes);
    dirty_.add(id);
    if (polled.more && refused_ >= overload)
        return rest(id, now + overload_rest);
    if (polled.retry_at != 0)
        delay(id, polled.retry_at);
    if (polled.more)
        pending_.add(id);
    else
        idle_.add(id);
}

// Who follows a frame is shown all until there is one for him.
void Switch::offer(PortId from, std::span<nic::PacketRef const> batch, Nanos now) {
    trail::Walk* const walk = trail::walk();
    if (walk == nullptr || walk->chosen())
        return;
    u32 index = 0;
    for (nic::PacketRef const& packet : batch)
        if (walk->offer(packet, index++, from, ask_bridge(packet->head(), from, now).route, io::now()))
            return;
    walk->pass_over();
}

// Whoever brings more than others take would keep them from taking it, were all
// of it looked at. Left where it is, it costs nothing.
void Switch::rest(PortId id, Nanos until) {
    if (resting_.empty())
        rest_end_ = until;
    resting_.add(id);
    delay(id, rest_end_);
}

void Switch::delay(PortId id, Nanos until) {
    delayed_.add(id);
    next_retry_ = std::min(next_retry_, until);
}

// Whoever has still to wait says so again when polled, but for those that rest.
void Switch::end_delays(Nanos now) {
    if (now >= rest_end_)
        resting_ = {};
    auto const over = std::exchange(delayed_, resting_).without(resting_);
    over.for_each([&](PortId id) { pending_.add(id); });
    next_retry_ = resting_.empty() ? rt::never : rest_end_;
}

RouteMemo::Way const& Switch::ask_bridge(std::span<std::byte const> head, PortId from, Nanos now) {
    auto const destination = nic::Mac::at(head.data());
    auto const source = nic::Mac::at(head.data() + destination.octets.size());
    auto const tag = frame::tag_of(head);
    auto const& way = memo_.keep(head, {bridge_.route({source, destination, tag}, from, now), tag});
    if (trail::on) [[unlikely]]
        trail::decided(from, way.route);
    return way;
}

// Who lends a frame lends it to one taker.
bool Switch::is_for_one(bridge::Route const& route, PortId from) const {
    return route.to == bridge::Route::To::one && !watchers_[from.raw()] && !watchers_[route.port.raw()];
}

// So it does those behind it that go the same way.
bool Switch::passes_unchanged(RouteMemo::Way const& way, PortId from) const {
    if (!is_for_one(way.route, from))
        return false;
    auto const passage = bridge_.passage(way.route.port, way.route.network);
    return passage == bridge::Passage::untagged
               ? !way.tag
               : passage == bridge::Passage::tagged && way.tag == way.route.network;
}

// The first of these, and with it a train of others; how many they are.
u32 Switch::forward(std::span<nic::PacketRef> frames, PortId from, Nanos now) {
    auto const head = frames.front()->head();
    auto const* const known = memo_.find(head);
    auto const& way = known != nullptr ? *known : ask_bridge(head, from, now);
    if (!passes_unchanged(way, from)) {
        forward_alone(std::move(frames.front()), way, from);
        return 1;
    }
    u32 count = 1;
    while (count < frames.size() && memo_.find(frames[count]->head()) != nullptr)
        ++count;
    deliver(frames.first(count), from, way.route.port);
    return count;
}

void Switch::forward_alone(nic::PacketRef&& packet, RouteMemo::Way const& way, PortId from) {
    if (packet->lender != nullptr && !is_for_one(way.route, from) && !nic::at_hand(*packet))
        return ports_[from.raw()]->count_lost();
    if (auto const watcher = watchers_[from.raw()])
        deliver(packet.share(), from, *watcher);
    switch (way.route.to) {
        case bridge::Route::To::nowhere:
            return;
        case bridge::Route::To::one:
            return send(std::move(packet), way, from, way.route.port);
        case bridge::Route::To::all_others:
            present_.for_each([&](PortId to) {
                if (to != from && !settled_.has(to))
                    send(packet.share(), way, from, to);
            });
    }
}

void Switch::send(nic::PacketRef&& packet, RouteMemo::Way const& way, PortId from, PortId to) {
    auto const network = way.route.network;
    auto const passage = bridge_.passage(to, network);
    if (passage == bridge::Passage::none)
        return;
    auto const tag = passage == bridge::Passage::tagged ? std::optional{network} : std::nullopt;
    if (tag != way.tag && !frame::set_tag(packet, tag, pool_))
        return ports_[to.raw()]->count_lost();
    if (auto const watcher = watchers_[to.raw()])
        deliver(packet.share(), from, *watcher);
    deliver(std::move(packet), from, to);
}

// To the card that it lives behind a station speaks by its own queue. A port
// that has frames waiting for room must hear of the room.
void Switch::deliver(std::span<nic::PacketRef> frames, PortId from, PortId to) {
    Home const& home = homes_[from.raw()];
    if (home.residence != nullptr && home.card == to)
        home.residence->enqueue(frames);
    else
        refused_ += ports_[to.raw()]->enqueue(frames);
    dirty_.add(to);
    idle_.add(to);
}

// All are flushed and asked for events anew: one may have got lost.
void Switch::tick(Nanos now) {
    present_.for_each([&](PortId id) {
        if (Nanos const until = ports_[id.raw()]->tick(now); until != 0)
            delay(id, until);
    });
    dirty_ = present_;
    idle_ = present_;
}

}  // namespace net

// SPDX-License-Identifier: MIT
// The decision for one frame.
#include "dom0/net/bridge/bridge.hpp"

namespace bridge {

namespace {

// 01:80:c2:00:00:0x is for the neighbour on the wire, never to be forwarded
// (IEEE 802.1D, 7.12.6).
bool is_link_local(nic::Mac mac) {
    return (mac.packed() & ~u64{0xf}) == 0x0180'c200'0000;
}

}  // namespace

std::optional<PortId> Bridge::add_port(Vlans const& vlans) {
    for (u8 i = 0; i < max_ports; ++i) {
        if (present_.test(i))
            continue;
        present_.set(i);
        vlans_[i] = vlans;
        return PortId{i};
    }
    return std::nullopt;
}

void Bridge::remove_port(PortId port) {
    present_.reset(port.raw());
    table_.forget(port);
    inhabited_.reset(port.raw());
}

bool Bridge::pin(nic::Mac mac, PortId port) {
    Station const station{mac, vlans_[port.raw()].access()};
    return table_.move_pin(station, no_port, port) || table_.pin(station, port);
}

bool Bridge::settle(nic::Mac mac, PortId own, PortId card) {
    if (!may_settle(mac, own, card) || !table_.move_pin({mac, vlans_[own.raw()].access()}, own, card))
        return false;
    inhabited_.set(card.raw());
    return true;
}

bool Bridge::may_settle(nic::Mac mac, PortId own, PortId card) const {
    auto const network = vlans_[own.raw()].access();
    if (vlans_[own.raw()].knows_tags() || passage(card, network) == Passage::none)
        return false;
    auto const known = table_.find({mac, network}, 0);
    return known && known->pinned && known->port == own;
}

void Bridge::move_out(nic::Mac mac, PortId own, PortId card, bool others) {
    static_cast<void>(table_.move_pin({mac, vlans_[own.raw()].access()}, card, own));
    inhabited_.set(card.raw(), others);
}

// Of a station behind the port everything is: it speaks to us by its own port.
// Of any other only what goes to a group is: the port does not bring here what
// it can deliver, so a station that moved there is found by its next such frame.
bool Bridge::is_echo(Labels const& labels, VlanId network, PortId from, Nanos now) const {
    auto const known = table_.find({labels.source, network}, now);
    if (!known)
        return false;
    return known->port == from ? known->pinned : labels.destination.is_group();
}

Route Bridge::route(Labels const& labels, PortId from, Nanos now) {
    if (labels.source.is_group() || is_link_local(labels.destination))
        return {};
    auto const network = vlans_[from.raw()].network_of(labels.tag);
    if (!network)
        return {};
    bool const inhabited = inhabited_.test(from.raw());
    if (inhabited && is_echo(labels, *network, from, now))
        return {};
    // A port with too many addresses still sends; they are just not learned.
    static_cast<void>(table_.learn({labels.source, *network}, from, now));
    if (labels.destination.is_group())
        return {Route::To::all_others, {}, *network};
    auto const found = table_.find({labels.destination, *network}, now);
    if (!found)
        return {Route::To::all_others, {}, *network};
    if (found->port == no_port || (found->port == from && !(inhabited && found->pinned)))
        return {};
    return {Route::To::one, found->port, *network};
}

}  // namespace bridge

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
}

bool Bridge::pin(nic::Mac mac, PortId port) {
    return table_.pin({mac, vlans_[port.raw()].access()}, port);
}

Route Bridge::route(Labels const& labels, PortId from, Nanos now) {
    if (labels.source.is_group() || is_link_local(labels.destination))
        return {};
    auto const network = vlans_[from.raw()].network_of(labels.tag);
    if (!network)
        return {};
    // A port with too many addresses still sends; they are just not learned.
    static_cast<void>(table_.learn({labels.source, *network}, from, now));
    if (labels.destination.is_group())
        return {Route::To::all_others, {}, *network};
    auto const port = table_.find({labels.destination, *network}, now);
    if (!port)
        return {Route::To::all_others, {}, *network};
    if (*port == from)
        return {};
    return {Route::To::one, *port, *network};
}

}  // namespace bridge

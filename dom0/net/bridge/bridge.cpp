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

std::optional<PortId> Bridge::add_port() {
    for (u8 i = 0; i < max_ports; ++i) {
        if (present_.test(i))
            continue;
        present_.set(i);
        return PortId{i};
    }
    return std::nullopt;
}

void Bridge::remove_port(PortId port) {
    present_.reset(port.raw());
    table_.forget(port);
}

Route Bridge::route(nic::Mac source, nic::Mac destination, PortId from, Nanos now) {
    if (source.is_group() || is_link_local(destination))
        return {};
    // A port with too many addresses still sends; they are just not learned.
    static_cast<void>(table_.learn(source, from, now));
    if (destination.is_group())
        return {Route::To::all_others};
    auto const port = table_.find(destination, now);
    if (!port)
        return {Route::To::all_others};
    if (*port == from)
        return {};
    return {Route::To::one, *port};
}

}  // namespace bridge

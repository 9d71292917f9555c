// SPDX-License-Identifier: MIT
// A learning switch as pure logic: it looks at two addresses and a tag and says
// where a frame goes. It neither holds packets nor knows what a port is made of.
#pragma once

#include <bitset>
#include <optional>

#include "dom0/net/bridge/mac_table.hpp"
#include "dom0/net/bridge/vlans.hpp"

namespace bridge {

struct Route {
    enum class To { nowhere, one, all_others } to = To::nowhere;
    PortId port{};     // of `one`
    VlanId network{};  // in which it goes there
};

// What the bridge looks at.
struct Labels {
    nic::Mac source;
    nic::Mac destination;
    std::optional<VlanId> tag{};
};

class Bridge {
  public:
    // Empty when all ports are taken.
    std::optional<PortId> add_port(Vlans const& vlans = Vlans{});
    void remove_port(PortId port);
    [[nodiscard]] bool has(PortId port) const { return present_.test(port.raw()); }

    // This address is at the port for as long as the port is there, whoever
    // else sends by it. False when another port has it like that.
    bool pin(nic::Mac mac, PortId port);

    // This station is of a port that is not there, or not yet: until it is pinned
    // to one, frames for it go nowhere, and not everywhere. Of no effect where a
    // port has it, or its place in the table is full.
    void reserve(Station const& station) { static_cast<void>(table_.pin(station, no_port)); }
    // No such port will come.
    void give_up(Station const& station) { static_cast<void>(table_.unpin(station, no_port)); }

    // A station pinned to `own` lives behind `card` from now on, which delivers
    // to it by itself: what the card's port brings for it goes back there. False
    // when it is not pinned so. Not for ports that know tags, or of a network
    // that does not pass the card's port.
    bool settle(nic::Mac mac, PortId own, PortId card);
    // Whether it could.
    [[nodiscard]] bool may_settle(nic::Mac mac, PortId own, PortId card) const;
    // `others` live there still.
    void move_out(nic::Mac mac, PortId own, PortId card, bool others);

    Route route(Labels const& labels, PortId from, Nanos now);

    // How the frames of a network leave by this port.
    [[nodiscard]] Passage passage(PortId to, VlanId network) const {
        return vlans_[to.raw()].passage(network);
    }

    [[nodiscard]] Vlans const& vlans(PortId port) const { return vlans_[port.raw()]; }

    [[nodiscard]] unsigned addresses(PortId port) const { return table_.learned(port); }

  private:
    [[nodiscard]] bool is_echo(Labels const& labels, VlanId network, PortId from, Nanos now) const;

    MacTable table_;
    std::bitset<max_ports> present_;
    // Behind these ports stations live. What such a port delivers to them it may
    // bring here as well.
    std::bitset<max_ports> inhabited_;
    std::array<Vlans, max_ports> vlans_{};
};

}  // namespace bridge

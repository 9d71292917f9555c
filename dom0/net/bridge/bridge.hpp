// SPDX-License-Identifier: MIT
// A learning switch as pure logic: it looks at two addresses and says where a
// frame goes. It neither holds packets nor knows what a port is made of.
#pragma once

#include <bitset>
#include <optional>

#include "dom0/net/bridge/mac_table.hpp"

namespace bridge {

struct Route {
    enum class To { nowhere, one, all_others } to = To::nowhere;
    PortId port{};  // of `one`
};

class Bridge {
  public:
    // Empty when all ports are taken.
    std::optional<PortId> add_port();
    void remove_port(PortId port);
    [[nodiscard]] bool has(PortId port) const { return present_.test(port.raw()); }

    Route route(nic::Mac source, nic::Mac destination, PortId from, Nanos now);

    [[nodiscard]] unsigned addresses(PortId port) const { return table_.learned(port); }

  private:
    MacTable table_;
    std::bitset<max_ports> present_;
};

}  // namespace bridge

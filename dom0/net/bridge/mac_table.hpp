// SPDX-License-Identifier: MIT
// Which port an Ethernet address was last seen on. Its size is fixed: somebody
// who invents addresses displaces only the oldest of the few neighbours that
// share their place, and only as many as a port may have.
#pragma once

#include <array>
#include <optional>

#include "drivers/net/mac.hpp"

namespace bridge {

using PortId = Strong<struct PortTag, u8>;
inline constexpr unsigned max_ports = 128;

class MacTable {
  public:
    static constexpr unsigned ways = 4;
    static constexpr unsigned sets = 512;
    static constexpr unsigned max_per_port = 256;
    static constexpr Nanos lifetime = 300'000'000'000;  // as switches do: five minutes

    // False when the port has all the addresses it may have.
    bool learn(nic::Mac mac, PortId port, Nanos now);
    [[nodiscard]] std::optional<PortId> find(nic::Mac mac, Nanos now) const;
    void forget(PortId port);

    [[nodiscard]] unsigned learned(PortId port) const { return per_port_[port.raw()]; }

  private:
    struct Entry {
        u64 mac = 0;  // zero: free; no station has that address
        Nanos seen = 0;
        PortId port{};
    };
    using Set = std::array<Entry, ways>;

    static unsigned set_of(u64 mac);
    void release(Entry& entry);

    std::array<Set, sets> sets_{};
    std::array<u16, max_ports> per_port_{};
};

}  // namespace bridge

// SPDX-License-Identifier: MIT
// Which port an Ethernet address was last seen on, in each virtual network. Its
// size is fixed: somebody who invents addresses displaces only the oldest of
// the few neighbours that share their place, and only as many as a port may
// have. Addresses that are known to be at a port are pinned there, or nowhere
// as long as that port is not there.
#pragma once

#include <array>
#include <limits>
#include <optional>

#include "dom0/net/bridge/vlans.hpp"
#include "drivers/net/mac.hpp"

namespace bridge {

using PortId = Strong<struct PortTag, u8>;
inline constexpr unsigned max_ports = 128;
inline constexpr PortId no_port{max_ports};  // that of stations whose port is not there

// An address means something within a network only.
struct Station {
    nic::Mac mac;
    VlanId network{};

    [[nodiscard]] u64 packed() const { return u64{network.raw()} << 48 | mac.packed(); }
    // The address of nobody, or of many.
    [[nodiscard]] bool is_nobody() const { return mac.packed() == 0 || mac.is_group(); }
};

class MacTable {
  public:
    static constexpr unsigned ways = 4;
    static constexpr unsigned sets = 512;
    static constexpr unsigned max_per_port = 256;
    static constexpr Nanos lifetime = 300'000'000'000;  // as switches do: five minutes

    struct Found {
        PortId port;
        bool pinned;
    };

    // False when the port has all the addresses it may have.
    bool learn(Station const& station, PortId port, Nanos now);
    // False when it is pinned to another port, or its place is full of those.
    bool pin(Station const& station, PortId port);
    // False when it is not pinned there.
    bool unpin(Station const& station, PortId port);
    // False when it is not pinned to the first of them.
    bool move_pin(Station const& station, PortId from, PortId to);
    [[nodiscard]] std::optional<Found> find(Station const& station, Nanos now) const;
    void forget(PortId port);

    [[nodiscard]] unsigned learned(PortId port) const { return per_port_[port.raw()]; }

  private:
    static constexpr Nanos always = std::numeric_limits<Nanos>::max();

    struct Entry {
        u64 key = 0;     // zero: free; no station has that address
        Nanos seen = 0;  // `always`: pinned
        PortId port{};

        [[nodiscard]] bool pinned() const { return seen == always; }
        [[nodiscard]] Nanos worth() const { return key == 0 ? -1 : seen; }
    };
    using Set = std::array<Entry, ways>;

    static unsigned set_of(u64 key);
    // Where the station is, or else is to be.
    static Entry& place_in(Set& set, u64 key);
    // The pin of the station at that port; null: there is none.
    Entry* pin_at(Station const& station, PortId port);
    void release(Entry& entry);
    void put(Entry& entry, Entry const& value);

    std::array<Set, sets> sets_{};
    std::array<u16, max_ports + 1> per_port_{};
};

}  // namespace bridge

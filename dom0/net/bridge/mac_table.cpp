// SPDX-License-Identifier: MIT
// The table of addresses: a hash picks the set, age picks the victim.
#include "dom0/net/bridge/mac_table.hpp"

#include <algorithm>

namespace bridge {

unsigned MacTable::set_of(u64 mac) {
    // Fibonacci hashing: vendor prefixes and counted-up addresses spread out.
    return static_cast<unsigned>((mac * 0x9e37'79b9'7f4a'7c15) >> 55) % sets;
}

void MacTable::release(Entry& entry) {
    if (entry.mac != 0)
        --per_port_[entry.port.raw()];
    entry = {};
}

bool MacTable::learn(nic::Mac mac, PortId port, Nanos now) {
    u64 const key = mac.packed();
    if (key == 0 || mac.is_group())
        return true;  // nobody's address: nothing to learn
    Set& set = sets_[set_of(key)];
    auto entry = std::ranges::find(set, key, &Entry::mac);
    if (entry != set.end() && entry->port == port) {
        entry->seen = now;
        return true;
    }
    if (per_port_[port.raw()] == max_per_port)
        return false;
    if (entry == set.end())
        entry = std::ranges::min_element(set, {}, [](Entry const& e) { return e.mac == 0 ? -1 : e.seen; });
    release(*entry);
    *entry = {key, now, port};
    ++per_port_[port.raw()];
    return true;
}

std::optional<PortId> MacTable::find(nic::Mac mac, Nanos now) const {
    u64 const key = mac.packed();
    if (key == 0)
        return std::nullopt;
    Set const& set = sets_[set_of(key)];
    auto const entry = std::ranges::find(set, key, &Entry::mac);
    if (entry == set.end() || now - entry->seen > lifetime)
        return std::nullopt;
    return entry->port;
}

void MacTable::forget(PortId port) {
    for (Set& set : sets_)
        for (Entry& entry : set)
            if (entry.mac != 0 && entry.port == port)
                release(entry);
}

}  // namespace bridge

// SPDX-License-Identifier: MIT
// The table of addresses: a hash picks the set, age picks the victim.
#include "dom0/net/bridge/mac_table.hpp"

#include <algorithm>

namespace bridge {

unsigned MacTable::set_of(u64 key) {
    // Fibonacci hashing: vendor prefixes and counted-up addresses spread out.
    return static_cast<unsigned>((key * 0x9e37'79b9'7f4a'7c15) >> 55) % sets;
}

auto MacTable::place_in(Set& set, u64 key) -> Entry& {
    auto const known = std::ranges::find(set, key, &Entry::key);
    return known != set.end() ? *known : *std::ranges::min_element(set, {}, &Entry::worth);
}

void MacTable::release(Entry& entry) {
    if (entry.key != 0)
        --per_port_[entry.port.raw()];
    entry = {};
}

void MacTable::put(Entry& entry, Entry const& value) {
    release(entry);
    entry = value;
    ++per_port_[value.port.raw()];
}

bool MacTable::learn(Station const& station, PortId port, Nanos now) {
    if (station.is_nobody())
        return true;
    u64 const key = station.packed();
    Entry& entry = place_in(sets_[set_of(key)], key);
    if (entry.pinned())
        return entry.key == key;
    if (entry.key == key && entry.port == port) {
        entry.seen = now;
        return true;
    }
    if (per_port_[port.raw()] == max_per_port)
        return false;
    put(entry, {key, now, port});
    return true;
}

bool MacTable::pin(Station const& station, PortId port) {
    if (station.is_nobody())
        return false;
    u64 const key = station.packed();
    Entry& entry = place_in(sets_[set_of(key)], key);
    if (entry.pinned())
        return entry.key == key && entry.port == port;
    put(entry, {key, always, port});
    return true;
}

auto MacTable::pin_at(Station const& station, PortId port) -> Entry* {
    u64 const key = station.packed();
    Entry& entry = place_in(sets_[set_of(key)], key);
    return entry.key == key && entry.pinned() && entry.port == port ? &entry : nullptr;
}

bool MacTable::unpin(Station const& station, PortId port) {
    Entry* const entry = pin_at(station, port);
    if (entry == nullptr)
        return false;
    release(*entry);
    return true;
}

bool MacTable::move_pin(Station const& station, PortId from, PortId to) {
    Entry* const entry = pin_at(station, from);
    if (entry == nullptr)
        return false;
    put(*entry, {station.packed(), always, to});
    return true;
}

std::optional<MacTable::Found> MacTable::find(Station const& station, Nanos now) const {
    u64 const key = station.packed();
    Set const& set = sets_[set_of(key)];
    auto const entry = std::ranges::find(set, key, &Entry::key);
    if (key == 0 || entry == set.end() || (!entry->pinned() && now - entry->seen > lifetime))
        return std::nullopt;
    return Found{entry->port, entry->pinned()};
}

void MacTable::forget(PortId port) {
    for (Set& set : sets_)
        for (Entry& entry : set)
            if (entry.key != 0 && entry.port == port)
                release(entry);
}

}  // namespace bridge

// SPDX-License-Identifier: MIT
// What a domain has, a portion at a time and under its lock: enough to be worth
// the lock, and so little that one who prints it all is soon done. Each calls f
// for the next few from `from` on and answers where to go on, or no_more.
#pragma once

#include "kernel/domain/domain.hpp"

namespace monitor {

inline constexpr u32 no_more = ~u32{0};
inline constexpr u32 printed_portion = 8, read_portion = 64;

// f(GrantHandle, MapRecord const&), of grants that this domain has mapped. `most`
// entries; what they name stays as long as the lock is held.
template <class F>
u32 some_handles(Domain& d, u32 from, u32 most, F&& f) {
    auto const handles = d.maptrack.lock();
    u32 h = handles->in_use() == 0 ? handles->capacity() : handles->next_in_use(from);
    for (; most > 0 && h < handles->capacity(); --most, h = handles->next_in_use(h + 1))
        f(GrantHandle{h}, *handles->find(GrantHandle{h}));
    return h < handles->capacity() ? h : no_more;
}

// f(GrantTable const&, GrantRef), of all entries of this domain's grant table.
template <class F>
u32 some_grants(Domain& d, u32 from, u32 most, F&& f) {
    auto const table = d.grants.lock();
    u32 ref = from;
    for (; most > 0 && ref < table->entries(); --most, ++ref)
        f(*table, GrantRef{ref});
    return ref < table->entries() ? ref : no_more;
}

// f(u32 port, Channel const&), of this domain's ports in use. No peer goes away
// while the lock is held.
template <class F>
u32 some_channels(Domain& d, u32 from, u32 most, F&& f) {
    auto const channels = d.events.lock();
    u32 port = channels->next_in_use(from == 0 ? 1 : from);
    for (; most > 0 && port < EventChannels::max_ports; --most, port = channels->next_in_use(port + 1))
        f(port, *channels->find(EvtchnPort{port}));
    return port < EventChannels::max_ports ? port : no_more;
}

}  // namespace monitor

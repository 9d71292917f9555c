// SPDX-License-Identifier: MIT
// Stopping all guests for a longer look: every domain is paused once more, so
// whatever else pauses and unpauses it meanwhile stays as it was meant.
#include "kernel/domain/lifecycle.hpp"
#include "kernel/monitor/command.hpp"

namespace monitor {

void freeze(Arguments const&, Report& out) {
    u64 count = 0;
    domains::for_each([&](Domain& d) {
        if (d.life.load() != Domain::Life::running || d.frozen.exchange(true))
            return;
        domains::pause(d);
        ++count;
    });
    out.note("{} domains stopped", count);
}

void thaw(Arguments const&, Report& out) {
    u64 count = 0;
    domains::for_each([&](Domain& d) {
        if (d.frozen.exchange(false) && domains::unpause(d))
            ++count;
    });
    out.note("{} domains go on", count);
}

}  // namespace monitor

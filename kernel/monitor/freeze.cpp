// SPDX-License-Identifier: MIT
// Stopping all guests for a longer look: every domain is paused once more, so
// whatever else pauses and unpauses it meanwhile stays as it was meant.
#include "kernel/domain/lifecycle.hpp"
#include "kernel/monitor/command.hpp"

namespace monitor {

Task freeze(Arguments const&, Report& out) {
    u64 count = 0;
    for (ChosenDomains d; d; d.next()) {
        co_await preemption_point;
        if (d->life.load() != Domain::Life::running || d->frozen.exchange(true))
            continue;
        domains::pause(*d);
        ++count;
    }
    out.note("{} domains stopped", count);
}

Task thaw(Arguments const&, Report& out) {
    u64 count = 0;
    for (ChosenDomains d; d; d.next()) {
        co_await preemption_point;
        if (d->frozen.exchange(false) && domains::unpause(*d))
            ++count;
    }
    out.note("{} domains go on", count);
}

}  // namespace monitor

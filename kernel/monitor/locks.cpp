// SPDX-License-Identifier: MIT
// The order of locks, and where CPUs wait for each other.
#include "kernel/monitor/command.hpp"
#include "kernel/sync/lock.hpp"

namespace monitor {

void show_locks(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"ORDER", 5}, Column{"LOCK", 12, true}, Column{"WAITS", 12}};
    out.table(columns);
    for (usize i = 0; i < rank_count; ++i)
        out.row({i + 1, rank_names[i], lock_waits::of(static_cast<Rank>(i))});
}

}  // namespace monitor

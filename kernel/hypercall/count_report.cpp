// SPDX-License-Identifier: MIT
// The monitor's view of the hypercall table. It is written here because the
// monitor lies below the hypercalls and knows none of them.
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/monitor/command.hpp"

namespace monitor {

void show_hypercalls(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"NR", 3}, Column{"NAME", 28, true}, Column{"CALLS", 14}};
    out.table(columns);
    for (u32 nr = 0; nr < hypercall::table_size; ++nr)
        if (hypercall::calls(nr) != 0)
            out.row({nr, hypercall::name(nr), hypercall::calls(nr)});
}

}  // namespace monitor

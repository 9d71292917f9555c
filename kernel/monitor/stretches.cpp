// SPDX-License-Identifier: MIT
// Which hypercalls, or exceptions, have kept others waiting the longest (kernel/profile/stretches.hpp).
#include "kernel/profile/stretches.hpp"

#include <algorithm>
#include <array>

#include "kernel/machine/sampling.hpp"
#include "kernel/monitor/call_counts.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/monitor/names.hpp"

namespace monitor {
namespace {

using stretches::Stretch;

struct OfCall {
    std::string_view name;
    Stretch stretch;
};

using Calls = std::array<OfCall, stretches::most_calls>;

std::span<OfCall> longest_first(Calls& room) {
    usize used = 0;
    for (u32 nr = 0; nr < stretches::most_calls; ++nr)
        if (Stretch const s = stretches::longest(nr); s.cycles != 0)
            room[used++] = {nr == stretches::exceptions ? "exception" : call_name(nr), s};
    auto const all = std::span{room}.first(used);
    std::ranges::sort(all, std::ranges::greater{}, [](OfCall const& c) { return c.stretch.cycles; });
    return all;
}

std::string_view place(u64 address, std::string_view otherwise) {
    constexpr usize longest_name = 48;
    return address == 0 ? otherwise : function_name(machine::function_at(address).name, longest_name);
}

}  // namespace

Task show_stretches(Arguments const& args, Report& out) {
    static constexpr std::array columns{Column{"CALL", 16, true}, Column{"ARGUMENT", 18},
                                        Column{"CYCLES", 10}, Column{"FROM", 48, true},
                                        Column{"TO", 0, true}};
    if (args[0] == "on" || args[0] == "off") {
        args[0] == "on" ? stretches::start() : stretches::stop();
        out.note("stretches are {}", args[0] == "on" ? "measured" : "kept");
        co_return;
    }
    if (args.count() != 0) {
        out.refuse("on, off, or nothing");
        co_return;
    }
    Calls room;
    out.table(columns);
    for (auto const& [name, s] : longest_first(room)) {
        out.row({name.empty() ? "-" : name, Value::hex(s.argument), s.cycles, place(s.from, "its entry"),
                 place(s.to, "its end")});
        co_await preemption_point;
    }
}

}  // namespace monitor

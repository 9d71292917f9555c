// SPDX-License-Identifier: MIT
// What happened last, on all CPUs in one order (kernel/trace).
#include <algorithm>

#include "kernel/mm/heap.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/trace/backwards.hpp"
#include "kernel/trace/words.hpp"

namespace monitor {
namespace {

using trace::Found;
using trace::Kind;

constexpr std::array columns{Column{"NS", 14},       Column{"CPU", 3},         Column{"NUMBER", 9},
                             Column{"WHO", 9, true}, Column{"EVENT", 9, true}, Column{"A", 18},
                             Column{"B", 18},        Column{"WHAT", 0, true}};

void show(Found const& f, Report& out) {
    trace::Words who;
    trace::Words what;
    out.row({static_cast<u64>(f.event.time), f.cpu, f.number, trace::who_of(f.event, who),
             trace::name(f.event.kind), Value::hex(f.event.a), Value::hex(f.event.b),
             trace::meaning_of(f.event, what)});
}

// So many rows an answer has room for.
constexpr u64 most_rows = 256;

Task show_last(u64 most, Report& out) {
    if (most == 0 || most > most_rows) {
        out.refuse("1 to {} events at a time; 'trace cpu CPU FROM' reads all", most_rows);
        co_return;
    }
    auto const room = mm::HeapArray<Found>::make(most);
    if (!room) {
        out.refuse("no memory to put events in order");
        co_return;
    }
    trace::Backwards events;
    usize n = 0;
    for (; n < most; ++n) {
        auto const found = events.next();
        if (!found)
            break;
        (*room)[n] = *found;
        co_await preemption_point;
    }
    if (n == 0) {
        out.refuse("there are no events: 'trace on' begins");
        co_return;
    }
    out.table(columns);
    while (n-- > 0) {
        show((*room)[n], out);
        co_await preemption_point;
    }
}

// For programs: one CPU's events from number `from` on, as many as an answer holds.
Task show_from(u32 cpu, u64 from, Report& out) {
    auto const extent = trace::extent(CpuId{cpu});
    u64 const first = std::max(from, extent.first);
    out.table(columns);
    for (u64 n = first; n < extent.end && n < first + most_rows; ++n) {
        if (auto const e = trace::read(CpuId{cpu}, n))
            show({*e, cpu, n}, out);
        co_await preemption_point;
    }
}

std::optional<Kind> kind_called(std::string_view name) {
    auto const at = std::ranges::find(trace::names, name);
    if (at == trace::names.end())
        return {};
    return static_cast<Kind>(at - trace::names.begin());
}

// None, and refused: a word is no kind.
std::optional<trace::Kinds> kinds_named(Arguments const& args, Report& out) {
    trace::Kinds kinds = 0;
    for (usize i = 1; i < args.count(); ++i) {
        auto const kind = kind_called(args[i]);
        if (!kind) {
            out.refuse("'{}' is no kind of event: {}", args[i],
                       "run stop call done upcall exception fault send map unmap copy interrupt flush mark");
            return std::nullopt;
        }
        kinds |= trace::bit(*kind);
    }
    return kinds != 0 ? kinds : trace::all_kinds;
}

Task switch_on(Arguments const& args, Report& out) {
    auto const kinds = kinds_named(args, out);
    if (!kinds)
        co_return;
    auto room = trace::make_room();
    while (room && !*room) {
        co_await preemption_point;
        room = trace::make_room();
    }
    if (!room) {
        out.refuse("no memory for events");
        co_return;
    }
    trace::start(*kinds);
    out.note("tracing is on");
}

void switch_off(Arguments const&, Report& out) {
    trace::stop();
    out.note("tracing is off");
}

}  // namespace

Task show_trace(Arguments const& args, Report& out) {
    constexpr u64 usual = 40;
    if (args[0] == "on")
        return switch_on(args, out);
    if (args[0] == "off")
        return at_once<switch_off>(args, out);
    if (args[0] == "cpu") {
        auto const cpu = args.number(1), from = args.number(2);
        if (cpu && *cpu < machine::online_cpus() && from)
            return show_from(static_cast<u32>(*cpu), *from, out);
        out.refuse("which CPU, and from which event on?");
        return {};
    }
    auto const most = args.count() == 0 ? usual : args.number(0);
    if (most)
        return show_last(*most, out);
    out.refuse("on, off, how many events to show, or one CPU's from a number on");
    return {};
}

}  // namespace monitor

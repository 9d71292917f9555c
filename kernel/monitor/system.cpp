// SPDX-License-Identifier: MIT
// About the hypervisor itself: help, version, time, log.
#include "kernel/base/version.hpp"
#include "kernel/console/output.hpp"
#include "kernel/machine/console.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/monitor/call_counts.hpp"
#include "kernel/monitor/command.hpp"

namespace monitor {
namespace {

constinit CallCounts call_counts;

// The debug keys that ask for it, with or without an argument.
std::string_view keys_of(Command const& c, std::span<char> buffer) {
    usize used = 0;
    for (Key const& key : keys())
        if (Arguments{key.line}.command() == c.name && used < buffer.size())
            buffer[used++] = key.letter;
    return {buffer.data(), used};
}

}  // namespace

void set_call_counts(CallCounts source) {
    call_counts = source;
}

std::string_view call_name(u64 nr) {
    return call_counts.name(nr);
}

Task help(Arguments const& args, Report& out) {
    static constexpr std::array columns{Column{"COMMAND", 11, true}, Column{"ARGUMENTS", 19, true},
                                        Column{"KEY", 4, true}, Column{"MEANING", 0, true}};
    out.table(columns);
    for (Command const& c : commands()) {
        std::array<char, 4> letters;
        if (args.count() == 0 || args[0] == c.name)
            out.row({c.name, c.usage, keys_of(c, letters), c.help});
        co_await preemption_point;
    }
    if (args.count() != 0 && !find_command(args[0])) {
        out.refuse("no command '{}': did you mean '{}'?", args[0], nearest_command(args[0]).name);
        co_return;
    }
    out.note("DOM is a number or a name; any command with -j answers in JSON; Ctrl-a three times leaves");
}

void show_version(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"GRANITE", 8, true}, Column{"ABI", 6, true},
                                        Column{"BUILD", 16, true}, Column{"CPUS", 4},
                                        Column{"CMDLINE", 0, true}};
    std::array<char, 16> abi;
    out.table(columns);
    out.row({version::granite, text::format_to(abi, "{}.{}", version::abi_major, version::abi_minor),
             version::build_id(), machine::online_cpus(), version::command_line()});
}

void show_time(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"SYSTEM_NS", 16}, Column{"TSC", 20}, Column{"IDLE_TSC", 20},
                                        Column{"TSC_KHZ", 9}, Column{"WALLCLOCK_S", 12}};
    Nanos const now = machine::now();
    out.table(columns);
    out.row({static_cast<u64>(now), machine::cycles(), machine::idle_cycles(machine::this_cpu()),
             machine::tsc_khz(), static_cast<u64>((machine::wallclock_at_boot() + now) / 1'000'000'000)});
}

Task show_hypercalls(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"NR", 3}, Column{"NAME", 28, true}, Column{"CALLS", 14}};
    out.table(columns);
    for (u64 nr = 0; nr < call_counts.numbers; ++nr) {
        if (u64 const calls = call_counts.calls(nr); calls != 0)
            out.row({nr, call_counts.name(nr), calls});
        co_await preemption_point;
    }
}

Task show_dmesg(Arguments const&, Report& out) {
    static constexpr std::array columns{Column{"LINE", 0, true}};
    static constexpr u64 most = 16 * 1024;
    u64 const end = console::dmesg_end();
    std::array<char, 256> line;
    bool cut = end > most;  // the first line may have lost its beginning
    out.table(columns);
    for (u64 at = end > most ? end - most : 0; at < end;) {
        auto const got = console::read_dmesg(at, line);
        if (got.count == 0)
            break;
        std::string_view const text{line.data(), got.count};
        usize const length = std::min(text.find('\n'), text.size());
        if (!cut)
            out.row({text.substr(0, length)});
        cut = length == text.size();
        at = got.at + length + !cut;
        co_await preemption_point;
    }
}

void panic_now(Arguments const&, Report&) {
    machine::panic("asked for by the monitor");
}

}  // namespace monitor

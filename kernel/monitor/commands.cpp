// SPDX-License-Identifier: MIT
// The table of commands. To add one: a function in the file of its topic, a
// declaration in command.hpp, a row here; help prints itself.
#include <algorithm>

#include "kernel/monitor/command.hpp"

namespace monitor {
namespace {

constexpr auto by_driver_domain = nullptr;

constexpr std::array table{
    Command{"help", "[COMMAND]", "this list, or one line of it", help},
    Command{"domains", "", "all domains: state, memory, references", show_domains},
    Command{"vcpus", "[DOM]", "where each virtual CPU is and what it has done", show_vcpus},
    Command{"regs", "[DOM [VCPU]]", "registers of virtual CPUs", show_registers},
    Command{"runq", "", "who runs and who waits, on each CPU", show_run_queues},
    Command{"cpus", "", "each CPU: what it runs, how long it was idle, its interrupts", show_cpus},
    Command{"irqs", "", "interrupts by kind, and where those of devices go", show_interrupts},
    Command{"prof", "[on|off|PLACES]", "where the machine spends its time, by sampling", show_profile},
    Command{"trace", "[on [KINDS]|off|N|cpu CPU FROM]", "what happened last, on all CPUs", show_trace},
    Command{"frames", "[MFN]", "frames by owner and type; or one, and who refers to it", show_frames},
    Command{"pt", "DOM VA [VCPU] [-v]", "the page-table walk for an address; -v explains flags",
            at_once<walk_tables>},
    Command{"ptdump", "DOM [FROM TO] [-v]", "what is mapped, runs of equal mappings in one line",
            dump_tables},
    Command{"ptentries", "DOM [LEVEL VA]", "what is present in one page table", list_entries},
    Command{"grants", "[DOM]", "grants offered: peer, frame, uses, who has mapped it", show_grants},
    Command{"maptrack", "[DOM]", "grants of others that are mapped: granter, frame", show_maptrack},
    Command{"evtchn", "[DOM]", "event channels: kind, and the state of both ends", show_channels},
    Command{"queues", "", "queues of cards and of guests' interfaces: fill, traffic, drops",
            by_driver_domain},
    Command{"links", "", "channels and grants, summed by pair of domains", show_links},
    Command{"walk", "next DOM [rx|tx]", "follows the next frame to a guest, or from it", by_driver_domain},
    Command{"audit", "[-v]", "recounts every reference and type and compares", audit},
    Command{"freeze", "", "no guest runs until thaw, not even the driver domain", freeze},
    Command{"thaw", "", "those that freeze has stopped go on", thaw},
    Command{"failalloc", "[each|N|off]", "refuses memory on purpose: to each place once, or the N-th time",
            at_once<fail_allocations>},
    Command{"heap", "", "the driver domain's own memory, and its reserve", by_driver_domain},
    Command{"failheap", "[next|each|all|off]", "refuses memory in the driver domain on purpose",
            by_driver_domain},
    Command{"failirq", "[DOM lose N [TIMES]|DOM raise US [TIMES]|off]",
            "loses every N-th interrupt of a domain's devices, or raises them every US without cause",
            at_once<plan_irq_faults>},
    Command{"kill", "[DOM AFTER_US [TIMES]|off]",
            "ends a domain while it runs, to see what becomes of others", at_once<plan_kills>},
    Command{"locks", "", "the order of locks, and how often CPUs waited for one", at_once<show_locks>},
    Command{"hypercalls", "", "how often each was called", show_hypercalls},
    Command{"stretches", "[on|off]", "hypercalls that went on the longest without a look at who waits",
            show_stretches},
    Command{"time", "", "system time and clock rate", at_once<show_time>},
    Command{"dmesg", "", "the last lines that were said", show_dmesg},
    Command{"version", "", "what is running, and its command line", at_once<show_version>},
    Command{"panic", "", "stops the machine with a report", at_once<panic_now>},
};

constexpr std::array key_table{
    Key{'h', "help"},    Key{'q', "domains"}, Key{'d', "regs"},       Key{'0', "regs 0"}, Key{'r', "runq"},
    Key{'a', "vcpus"},   Key{'i', "irqs"},    Key{'m', "frames"},     Key{'g', "grants"}, Key{'e', "evtchn"},
    Key{'b', "audit"},   Key{'L', "locks"},   Key{'p', "hypercalls"}, Key{'t', "time"},   Key{'w', "dmesg"},
    Key{'?', "version"}, Key{'C', "panic"},
};

// Edits that turn one word into the other; words are short.
usize distance(std::string_view a, std::string_view b) {
    std::array<usize, 32> row;
    usize const width = std::min(b.size(), row.size() - 1);
    for (usize j = 0; j <= width; ++j)
        row[j] = j;
    for (usize i = 1; i <= a.size(); ++i) {
        usize diagonal = row[0];
        row[0] = i;
        for (usize j = 1; j <= width; ++j) {
            usize const above = row[j];
            usize const replaced = diagonal + (a[i - 1] != b[j - 1]);
            row[j] = std::min({above + 1, row[j - 1] + 1, replaced});
            diagonal = above;
        }
    }
    return row[width];
}

}  // namespace

std::span<Command const> commands() {
    return table;
}

Command const* find_command(std::string_view name) {
    auto const it =
        std::find_if(table.begin(), table.end(), [&](Command const& c) { return c.name == name; });
    return it == table.end() ? nullptr : &*it;
}

std::span<Key const> keys() {
    return key_table;
}

std::string_view line_of_key(char letter) {
    auto const it = std::ranges::find(key_table, letter, &Key::letter);
    return it == key_table.end() ? std::string_view{} : it->line;
}

Command const& nearest_command(std::string_view name) {
    return *std::min_element(table.begin(), table.end(), [&](Command const& a, Command const& b) {
        return distance(a.name, name) < distance(b.name, name);
    });
}

}  // namespace monitor

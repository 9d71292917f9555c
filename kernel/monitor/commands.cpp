// SPDX-License-Identifier: MIT
// The table of commands. To add one: a function in the file of its topic, a
// declaration in command.hpp, a row here; help prints itself.
#include <algorithm>

#include "kernel/monitor/command.hpp"

namespace monitor {
namespace {

constexpr std::array table{
    Command{"help", "[COMMAND]", "this list, or one line of it", 'h', help},
    Command{"domains", "", "all domains: state, memory, references", 'q', show_domains},
    Command{"vcpus", "[DOM]", "where each virtual CPU is and what it has done", 0, show_vcpus},
    Command{"regs", "DOM [VCPU]", "registers of a virtual CPU", '0', show_registers},
    Command{"runq", "", "who runs and who waits, on each CPU", 'r', show_run_queues},
    Command{"cpus", "", "each CPU: what it runs, how long it was idle, its interrupts", 0, show_cpus},
    Command{"irqs", "", "interrupts by kind, and where those of devices go", 'i', show_interrupts},
    Command{"prof", "[on|off|PLACES]", "where the machine spends its time, by sampling", 0, show_profile},
    Command{"trace", "[on [KINDS]|off|N|cpu CPU FROM]", "what happened last, on all CPUs", 0, show_trace},
    Command{"frames", "[MFN]", "frames by owner and type; or one, and who refers to it", 'm', show_frames},
    Command{"pt", "DOM VA [VCPU]", "the page-table walk for an address", 0, walk_tables},
    Command{"ptdump", "DOM [FROM TO]", "what is mapped, runs of equal mappings in one line", 0, dump_tables},
    Command{"grants", "DOM", "grants offered: peer, frame, uses", 'g', show_grants},
    Command{"maptrack", "DOM", "grants of others that it has mapped", 0, show_maptrack},
    Command{"evtchn", "DOM", "event channels: kind, peer, pending, masked", 'e', show_channels},
    Command{"audit", "", "recounts every reference and type and compares", 'b', audit},
    Command{"freeze", "", "no guest runs until thaw, not even the driver domain", 0, freeze},
    Command{"thaw", "", "those that freeze has stopped go on", 0, thaw},
    Command{"locks", "", "the order of locks, and how often CPUs waited for one", 0, show_locks},
    Command{"hypercalls", "", "how often each was called", 'p', show_hypercalls},
    Command{"time", "", "system time and clock rate", 't', show_time},
    Command{"dmesg", "", "the last lines that were said", 'w', show_dmesg},
    Command{"version", "", "what is running, and its command line", '?', show_version},
    Command{"panic", "", "stops the machine with a report", 'C', panic_now},
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

Command const* find_key(char key) {
    auto const it = std::find_if(table.begin(), table.end(), [&](Command const& c) { return c.key == key; });
    return it == table.end() || key == 0 ? nullptr : &*it;
}

Command const& nearest_command(std::string_view name) {
    return *std::min_element(table.begin(), table.end(), [&](Command const& a, Command const& b) {
        return distance(a.name, name) < distance(b.name, name);
    });
}

}  // namespace monitor

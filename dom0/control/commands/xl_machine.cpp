// SPDX-License-Identifier: MIT
// xl's verbs about the machine, its hypervisor and what guests get of it.
#include <array>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/granite.hpp"
#include "dom0/control/questions.hpp"
#include "dom0/control/sysctl.hpp"
#include "dom0/toolstack/text.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;

constexpr u64 pages_per_mib = 256;

void print_pair(std::string_view key, std::string_view value) {
    print("%-23s: %s\n", std::string{key}.c_str(), std::string{value}.c_str());
}

std::string_view scheduler_name() {
    switch (sysctl::scheduler().value_or(0)) {
        case XEN_SCHEDULER_CREDIT:
            return "credit";
        case XEN_SCHEDULER_CREDIT2:
            return "credit2";
        case XEN_SCHEDULER_RTDS:
            return "rtds";
        case XEN_SCHEDULER_NULL:
            return "null";
        default:
            return "unknown";
    }
}

void print_version(sysctl::Version const& version) {
    auto const major = std::to_string(version.major), minor = std::to_string(version.minor);
    print_pair("xen_major", major);
    print_pair("xen_minor", minor);
    print_pair("xen_extra", version.extra);
    print_pair("xen_version", major + "." + minor + version.extra);
    print_pair("xen_caps", version.capabilities);
    print_pair("xen_scheduler", scheduler_name());
    print_pair("xen_pagesize", std::to_string(page_size));
    print("%-23s: virt_start=0x%llx\n", "platform_params",
          static_cast<unsigned long long>(version.virt_start));
    print_pair("xen_changeset", version.changeset);
    print_pair("xen_commandline", version.command_line);
    print_pair("cc_compiler", version.compiler);
    print_pair("xend_config_format", "4");
}

Outcome<> info(Toolstack&, Arguments) {
    auto const machine = GET(or_say(sysctl::machine(), "cannot inspect the machine"));
    print_pair("host", "granite");
    print_pair("machine", "x86_64");
    print_pair("nr_cpus", std::to_string(machine.nr_cpus));
    print_pair("max_cpu_id", std::to_string(machine.max_cpu_id));
    print_pair("nr_nodes", std::to_string(machine.nr_nodes));
    print_pair("cores_per_socket", std::to_string(machine.cores_per_socket));
    print_pair("threads_per_core", std::to_string(machine.threads_per_core));
    print("%-23s: %u.%03u\n", "cpu_mhz", machine.cpu_khz / 1000, machine.cpu_khz % 1000);
    print_pair("virt_caps", (machine.capabilities & XEN_SYSCTL_PHYSCAP_pv) != 0 ? "pv" : "");
    print_pair("total_memory", std::to_string(machine.total_pages / pages_per_mib));
    print_pair("free_memory", std::to_string(machine.free_pages / pages_per_mib));
    print_pair("outstanding_claims", std::to_string(machine.outstanding_pages / pages_per_mib));
    print_pair("free_cpus", "0");
    print_version(sysctl::version());
    return {};
}

Outcome<> dmesg(Toolstack&, Arguments arguments) {
    auto const options = GET(options_of(arguments, "c"));
    print_text(GET(or_say(sysctl::log(options.has('c')), "cannot read the hypervisor's log")));
    return {};
}

Outcome<> debug_keys(Toolstack&, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.size() != 1)
        return Failure{"name the keys to press, such as 'xl debug-keys q'"};
    return or_say(sysctl::debug_keys(options.operands.front()), "cannot press them");
}

Outcome<> monitor(Toolstack& tools, Arguments arguments) {
    if (arguments.empty())
        return Failure{"name a command; 'xl monitor help' lists them"};
    std::string line;
    for (auto const& word : arguments)
        line += (line.empty() ? "" : " ") + word;
    // Some questions it would only pass on to us.
    if (auto const ours = answer_question(tools, line, [] { return true; })) {
        print_text(*ours);
        return {};
    }
    print_text(GET(or_say(granite::monitor(line), "cannot ask the monitor")));
    return {};
}

constexpr std::array commands{
    Command{"info", "", "the machine and its hypervisor", info},
    Command{"dmesg", "[-c]", "the hypervisor's log; -c empties it", dmesg},
    Command{"debug-keys", "KEYS", "press keys in the hypervisor's monitor", debug_keys},
    Command{"monitor", "COMMAND ...", "ask the hypervisor's monitor", monitor},
};

}  // namespace

std::span<Command const> xl_machine_commands() {
    return commands;
}

}  // namespace control

// SPDX-License-Identifier: MIT
// xl's verbs that show guests, in xl's columns: scripts cut by them.
#include <algorithm>
#include <array>
#include <cstdio>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/uuid.hpp"
#include "dom0/toolstack/json.hpp"
#include "guest-pv/rt/time.hpp"

namespace control {
namespace {

using toolstack::or_say;
using toolstack::Outcome;

constexpr u64 pages_per_mib = 256;

double seconds(u64 nanoseconds) {
    return static_cast<double>(nanoseconds) / 1e9;
}

// The letters "rbpscd", '-' for those that do not hold.
std::string state_letters(domctl::Info const& info) {
    std::string letters(6, '-');
    constexpr std::array flags{XEN_DOMINF_running, XEN_DOMINF_blocked, XEN_DOMINF_paused,
                               XEN_DOMINF_shutdown};
    constexpr std::string_view names = "rbps";
    for (usize i = 0; i < flags.size(); ++i) {
        if ((info.flags & flags[i]) != 0)
            letters[i] = names[i];
    }
    constexpr std::string_view reasons = "-rscw";
    unsigned const reason = (info.flags >> XEN_DOMINF_shutdownshift) & XEN_DOMINF_shutdownmask;
    if ((info.flags & XEN_DOMINF_shutdown) != 0 && reason < reasons.size())
        letters[4] = reasons[reason];
    if ((info.flags & XEN_DOMINF_dying) != 0)
        letters[5] = 'd';
    return letters;
}

domctl::Uuid uuid_of(domctl::Info const& info) {
    domctl::Uuid uuid;
    std::ranges::copy(info.handle, uuid.begin());
    return uuid;
}

// As xl: what the domain was configured with; and what it does, which xl leaves out.
void list_long(Toolstack& tools, std::span<domctl::Info const> domains) {
    print_text("[");
    std::string_view separator = "\n";
    constexpr u64 kib_per_page = page_size / 1024;
    for (auto const& info : domains) {
        print(
            "%s    {\"domid\": %u, \"config\": {\"c_info\": {\"type\": \"pv\", \"name\": %s, \"uuid\": "
            "\"%s\"}, "
            "\"b_info\": {\"max_vcpus\": %u, \"max_memkb\": %llu, \"target_memkb\": %llu}}, "
            "\"online_vcpus\": %u, \"state\": \"%s\", \"cpu_ns\": %llu}",
            std::string{separator}.c_str(), unsigned{info.domain},
            toolstack::json_string(tools.name_of(DomId{info.domain})).c_str(),
            to_string(uuid_of(info)).c_str(), info.max_vcpu_id + 1,
            static_cast<unsigned long long>(info.max_pages * kib_per_page),
            static_cast<unsigned long long>(info.tot_pages * kib_per_page), info.nr_online_vcpus,
            state_letters(info).c_str(), static_cast<unsigned long long>(info.cpu_time));
        separator = ",\n";
    }
    print_text("\n]\n");
}

void print_listed(Toolstack const& tools, domctl::Info const& info) {
    print("%-40s %5d %5lu %5d     %s  %8.1f", tools.name_of(DomId{info.domain}).c_str(), int{info.domain},
          static_cast<unsigned long>(info.tot_pages / pages_per_mib), static_cast<int>(info.nr_online_vcpus),
          state_letters(info).c_str(), seconds(info.cpu_time));
}

// Behind the other columns. Nobody has a label: there are no security modules.
void print_verbose(domctl::Info const& info) {
    bool const ended = (info.flags & XEN_DOMINF_shutdown) != 0;
    unsigned const reason = (info.flags >> XEN_DOMINF_shutdownshift) & XEN_DOMINF_shutdownmask;
    print(" %s %8s %16s", to_string(uuid_of(info)).c_str(), ended ? std::to_string(reason).c_str() : "-",
          "-");
}

Outcome<> list(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, "lv"));
    auto const domains = GET(chosen_domains(tools, options));
    if (options.has('l')) {
        list_long(tools, domains);
        return {};
    }
    print_text("Name                                        ID   Mem VCPUs\tState\tTime(s)");
    print_text(options.has('v') ? "   UUID                            Reason-Code\tSecurity Label\n" : "\n");
    for (auto const& info : domains) {
        print_listed(tools, info);
        if (options.has('v'))
            print_verbose(info);
        print_text("\n");
    }
    return {};
}

Outcome<> vm_list(Toolstack& tools, Arguments arguments) {
    DO(options_of(arguments, ""));
    print_text("UUID                                  ID    name\n");
    for (auto const& info : domctl::list())
        print("%s  %d    %-30s\n", to_string(uuid_of(info)).c_str(), int{info.domain},
              tools.name_of(DomId{info.domain}).c_str());
    return {};
}

Outcome<> domid(Toolstack& tools, Arguments arguments) {
    print("%u\n", unsigned{GET(only_domain(tools, GET(options_of(arguments, "")))).raw()});
    return {};
}

Outcome<> domname(Toolstack& tools, Arguments arguments) {
    print("%s\n", tools.name_of(GET(only_domain(tools, GET(options_of(arguments, ""))))).c_str());
    return {};
}

std::string duration(Nanos span) {
    auto const total = span / rt::second;
    std::array<char, 48> text;
    std::snprintf(text.data(), text.size(), "%lld days, %02lld:%02lld:%02lld",
                  static_cast<long long>(total / 86400), static_cast<long long>(total / 3600 % 24),
                  static_cast<long long>(total / 60 % 60), static_cast<long long>(total % 60));
    return text.data();
}

Outcome<> uptime(Toolstack& tools, Arguments arguments) {
    auto const domains = GET(chosen_domains(tools, GET(options_of(arguments, ""))));
    print_text("Name                                ID Uptime\n");
    for (auto const& info : domains) {
        DomId const id{info.domain};
        auto const* const guest = tools.guest(id);
        print("%-33s %4d %s\n", tools.name_of(id).c_str(), int{info.domain},
              duration(rt::now() - (guest != nullptr ? guest->created : 0)).c_str());
    }
    return {};
}

constexpr std::array commands{
    Command{"list", "[-l] [-v] [DOMAIN]", "domains and what they do; -l as JSON, -v with their uuid", list},
    Command{"vm-list", "", "domains by their uuid", vm_list},
    Command{"domid", "NAME", "a domain's number", domid},
    Command{"domname", "DOMID", "a domain's name", domname},
    Command{"uptime", "[DOMAIN]", "how long domains have been running", uptime},
};

}  // namespace

std::span<Command const> xl_list_commands() {
    return commands;
}

}  // namespace control

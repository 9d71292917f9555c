// SPDX-License-Identifier: MIT
// `xl top`: what domains use, again and again, in xentop's columns.
#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <span>
#include <vector>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/network_questions.hpp"
#include "dom0/control/sysctl.hpp"
#include "dom0/control/terminal.hpp"
#include "dom0/toolstack/text.hpp"
#include "dom0/toolstack/top_table.hpp"
#include "dom0/toolstack/traffic.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;
using toolstack::TopSample;
using toolstack::Traffic;

constexpr u64 kib_per_page = page_size / 1024;
constexpr std::string_view clear_screen = "\x1b[H\x1b[J";

struct Wish {
    bool batch = false;
    bool full_names = false;
    u32 rounds = 0;  // 0: until somebody quits
    Nanos delay = 3 * rt::second;
    // What keys change.
    bool networks = false;
    toolstack::TopOrder order = toolstack::TopOrder::domain;
};

Outcome<Wish> parse(Arguments arguments) {
    Wish wish;
    for (usize i = 0; i < arguments.size(); ++i) {
        auto const& word = arguments[i];
        if (word == "-b") {
            wish.batch = true;
        } else if (word == "-f") {
            wish.full_names = true;
        } else if (word == "-i" || word == "-d") {
            auto const number =
                i + 1 < arguments.size() ? toolstack::to_number<u32>(arguments[++i]) : std::optional<u32>{};
            if (!number || *number == 0)
                return Failure{word + " needs a number from 1 up"};
            if (word == "-i")
                wish.rounds = *number;
            else
                wish.delay = *number * rt::second;
        } else {
            return Failure{"unknown option " + word + "; it takes -b -f -i ROUNDS -d SECONDS"};
        }
    }
    return wish;
}

toolstack::TopState state_of(domctl::Info const& info) {
    auto const has = [&](u32 flag) { return (info.flags & flag) != 0; };
    bool const crashed = has(XEN_DOMINF_shutdown) && ((info.flags >> XEN_DOMINF_shutdownshift) &
                                                      XEN_DOMINF_shutdownmask) == SHUTDOWN_crash;
    return {.dying = has(XEN_DOMINF_dying),
            .shutdown = has(XEN_DOMINF_shutdown),
            .blocked = has(XEN_DOMINF_blocked),
            .crashed = crashed,
            .paused = has(XEN_DOMINF_paused),
            .running = has(XEN_DOMINF_running)};
}

// Nothing, where there is no network or it does not answer: the other columns
// do not wait for that.
std::vector<Traffic> traffic_of_all(Toolstack& tools) {
    Nanos const deadline = rt::now() + rt::second;
    auto const told =
        ask_network(tools, {.line = "traffic", .wanted = [deadline] { return rt::now() < deadline; }});
    return toolstack::parse_traffic(told ? *told : std::string{});
}

TopSample sample(Toolstack const& tools, domctl::Info const& info, std::span<Traffic const> traffic) {
    constexpr u64 no_limit = u64{1} << 40;  // in pages, more than any machine has
    DomId const id{info.domain};
    TopSample sample{.domain = info.domain,
                     .name = tools.name_of(id),
                     .state = toolstack::state_letters(state_of(info)),
                     .cpu_time = static_cast<Nanos>(info.cpu_time),
                     .memory_kib = info.tot_pages * kib_per_page,
                     .vcpus = info.nr_online_vcpus,
                     .ssid = info.ssidref};
    if (info.max_pages < no_limit)
        sample.limit_kib = info.max_pages * kib_per_page;
    std::ranges::copy_if(traffic, std::back_inserter(sample.vifs),
                         [&](Traffic const& vif) { return vif.guest == id; });
    return sample;
}

std::string summary(std::span<domctl::Info const> domains, sysctl::Machine const& machine) {
    std::array<u32, 6> counts{};
    for (auto const& info : domains) {
        auto const letters = toolstack::state_letters(state_of(info));
        for (usize i = 0; i < counts.size(); ++i)
            counts[i] += letters[i] != '-' ? 1 : 0;
    }
    auto const& [dying, shutdown, blocked, crashed, paused, running] = counts;
    std::string text = std::to_string(domains.size()) + " domains: ";
    auto const add = [&](u32 count, std::string_view what) {
        text.append(std::to_string(count)).append(" ").append(what);
    };
    add(running, "running, ");
    add(blocked, "blocked, ");
    add(paused, "paused, ");
    add(crashed, "crashed, ");
    add(dying, "dying, ");
    add(shutdown, "shutdown\n");
    auto const kib = [&](u64 pages) { return std::to_string(pages * kib_per_page) + "k "; };
    return text + "Mem: " + kib(machine.total_pages) + "total, " +
           kib(machine.total_pages - machine.free_pages) + "used, " + kib(machine.free_pages) +
           "free    CPUs: " + std::to_string(machine.nr_cpus) + " @ " +
           std::to_string(machine.cpu_khz / 1000) + "MHz\n";
}

// What the next round compares with.
struct Before {
    Nanos when = 0;
    std::map<u32, Nanos> cpu_times;
};

std::vector<toolstack::TopLine> lines_of(Toolstack& tools, std::span<domctl::Info const> domains,
                                         Before const& before) {
    auto const traffic = traffic_of_all(tools);
    std::vector<toolstack::TopLine> lines;
    for (auto const& info : domains) {
        auto const earlier = before.cpu_times.find(info.domain);
        lines.push_back({sample(tools, info, traffic),
                         earlier != before.cpu_times.end() ? std::optional{earlier->second} : std::nullopt});
    }
    return lines;
}

std::string table(std::span<toolstack::TopLine const> lines, Wish const& wish, Nanos passed,
                  u64 machine_kib) {
    std::string text = toolstack::top_heading();
    for (auto const& line : lines) {
        text += toolstack::top_row(line, passed, machine_kib, wish.full_names);
        if (!wish.networks)
            continue;
        for (auto const& vif : line.now.vifs)
            text += toolstack::top_interface_row(vif);
    }
    return text;
}

std::string keys_line(Wish const& wish) {
    return "keys: Networks " + std::string{wish.networks ? "off" : "on"} + ", Sort by " +
           std::string{toolstack::name_of(next(wish.order))} + ", Quit\n";
}

Outcome<> print_round(Toolstack& tools, Wish const& wish, Before& before) {
    auto const machine = GET(or_say(sysctl::machine(), "cannot inspect the machine"));
    auto const domains = domctl::list();
    Nanos const now = rt::now();
    auto lines = lines_of(tools, domains, before);
    toolstack::sort_lines(lines, wish.order);
    auto const shown = table(lines, wish, now - before.when, machine.total_pages * kib_per_page);
    if (wish.batch)
        print_text(shown);
    else
        print_text(std::string{clear_screen} + summary(domains, machine) + shown + keys_line(wish));
    before = {.when = now, .cpu_times = {}};
    for (auto const& info : domains)
        before.cpu_times[info.domain] = static_cast<Nanos>(info.cpu_time);
    return {};
}

// xentop's keys. False: that was the one to quit with.
bool obey(Wish& wish, char key) {
    constexpr char interrupt = 0x03, escape = 0x1b;
    if (key == 'n' || key == 'N')
        wish.networks = !wish.networks;
    else if (key == 's' || key == 'S')
        wish.order = next(wish.order);
    return key != 'q' && key != 'Q' && key != interrupt && key != escape;
}

Outcome<> top(Toolstack& tools, Arguments arguments) {
    auto wish = GET(parse(arguments));
    Before before;
    for (u32 round = 1;; ++round) {
        DO(print_round(tools, wish, before));
        if (round == wish.rounds)
            return {};
        std::array<char, 1> key;
        if (terminal::read(key, rt::now() + wish.delay) != 0 && !obey(wish, key.front()))
            return {};
    }
}

constexpr std::array commands{
    Command{"top", "[-b] [-f] [-i ROUNDS] [-d SECONDS]",
            "what domains use, until q is pressed; -b plain lines, -f full names", top},
};

}  // namespace

std::span<Command const> xl_top_commands() {
    return commands;
}

}  // namespace control

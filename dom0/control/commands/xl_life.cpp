// SPDX-License-Identifier: MIT
// xl's verbs that begin, steer and end guests.
#include <array>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/domain_nodes.hpp"
#include "dom0/control/driver_restart.hpp"
#include "dom0/control/terminal.hpp"
#include "dom0/toolstack/text.hpp"
#include "guest-pv/rt/time.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;

constexpr char interrupt_key = 0x03;  // Ctrl-c
// How long the end of a guest may wait to be noticed, or a key.
constexpr Nanos attention = 200 * rt::millisecond;

// Says each second how far it is; nothing of what is done within the first.
Progress slow_progress() {
    return [next = rt::now() + rt::second](u64 done, u64 whole) mutable {
        if (rt::now() < next || done == whole)
            return;
        next += rt::second;
        print("Building the domain: %u %%\n", static_cast<unsigned>(done * 100 / whole));
    };
}

Outcome<> create(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, "pcqF"));
    if (options.operands.empty())
        return Failure{"name a configuration; these are in the boot archive: see 'xl files'"};
    auto const& file = options.operands.front();
    if (!options.has('q'))
        print("Parsing config from %s\n", file.c_str());
    auto const id = GET(tools.create(file, {options.operands.begin() + 1, options.operands.end()},
                                     options.has('q') ? Progress{} : slow_progress()));
    if (!options.has('p'))
        DO(or_say(domctl::unpause(id), "cannot start it"));
    if (options.has('c'))
        DO(or_say(tools.consoles().attach(id), "cannot attach to its console"));
    return {};
}

Outcome<> destroy(Toolstack& tools, Arguments arguments) {
    return tools.destroy(GET(only_domain(tools, GET(options_of(arguments, "f")))));
}

// The one named, or with -a all guests.
Outcome<std::vector<DomId>> chosen_guests(Toolstack& tools, Options const& options) {
    if (!options.has('a'))
        return std::vector{GET(only_domain(tools, options))};
    if (!options.operands.empty())
        return Failure{"-a means all guests: name none"};
    return tools.guests();
}

Outcome<> wait_for_end(Toolstack& tools, DomId id) {
    while (!tools.wait_for_end(id, rt::now() + attention)) {
        std::array<char, 1> key;
        if (terminal::read(key, rt::now()) != 0 && key.front() == interrupt_key)
            return Failure{"not waiting any longer for " + tools.name_of(id)};
    }
    return {};
}

Outcome<> ask(Toolstack& tools, Arguments arguments, std::string_view what) {
    auto const options = GET(options_of(arguments, "awF"));
    auto const guests = GET(chosen_guests(tools, options));
    for (auto const id : guests) {
        print("%s domain %u\n", what == "reboot" ? "Rebooting" : "Shutting down", unsigned{id.raw()});
        // It may still be starting, and would find the request later.
        if (!tools.obeys(id, what))
            print("%s has not said that it listens\n", tools.name_of(id).c_str());
        DO(tools.ask(id, what));
    }
    if (!options.has('w'))
        return {};
    print("Waiting for %zu domains\n", guests.size());
    for (auto const id : guests) {
        DO(wait_for_end(tools, id));
        print("Domain %u has been shut down\n", unsigned{id.raw()});
    }
    return {};
}

Outcome<> shutdown(Toolstack& tools, Arguments arguments) {
    return ask(tools, arguments, "poweroff");
}
Outcome<> reboot(Toolstack& tools, Arguments arguments) {
    return ask(tools, arguments, "reboot");
}

Outcome<> driver_restart(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.empty())
        return Failure{"name one domain"};
    std::string once;
    for (auto const& word : std::span{options.operands}.subspan(1))
        once += (once.empty() ? "" : " ") + word;
    auto const outage = GET(restart_and_wait(tools, GET(tools.find(options.operands.front())), once));
    print("its interfaces were not served for %llu us\n", static_cast<unsigned long long>(outage / 1000));
    return {};
}

Outcome<> pause(Toolstack& tools, Arguments arguments) {
    return or_say(domctl::pause(GET(only_domain(tools, GET(options_of(arguments, ""))))), "cannot pause it");
}

Outcome<> unpause(Toolstack& tools, Arguments arguments) {
    auto const done = domctl::unpause(GET(only_domain(tools, GET(options_of(arguments, "")))));
    if (!done && done.error() == Errno::inval)
        return Failure{"it is not paused"};
    return or_say(done, "cannot unpause it");
}

Outcome<> console(Toolstack& tools, Arguments arguments) {
    auto const id = GET(only_domain(tools, GET(options_of(arguments, ""))));
    DO(or_say(tools.consoles().attach(id), "cannot attach"));
    print_text("\n");
    return {};
}

Outcome<> sysrq(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.size() != 2 || options.operands[1].size() != 1)
        return Failure{"name one domain and one letter"};
    auto const id = GET(tools.find(options.operands.front()));
    if (tools.guest(id) == nullptr)
        return Failure{"no such guest"};
    return or_say(tools.store().write(home_of(id) + "/control/sysrq", options.operands[1]),
                  "cannot ask the guest");
}

Outcome<> rename(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.size() != 2)
        return Failure{"name one domain and its new name"};
    return tools.rename(GET(tools.find(options.operands[0])), options.operands[1]);
}

Outcome<> trigger(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    auto const& words = options.operands;
    if (words.size() != 2 && words.size() != 3)
        return Failure{"name one domain, 'nmi', and a vcpu if it is not 0"};
    auto const id = GET(tools.find(words[0]));
    // The others press buttons that a paravirtual machine does not have.
    if (words[1] != "nmi")
        return Failure{"'" + words[1] + "' cannot be sent to a paravirtual guest, only 'nmi'"};
    auto const vcpu = words.size() == 3 ? toolstack::to_number<u32>(words[2]) : 0;
    if (!vcpu)
        return Failure{"'" + words[2] + "' is not the number of a vcpu"};
    return or_say(domctl::send_nmi(id, VcpuId{*vcpu}), "cannot send it");
}

Outcome<> files(Toolstack& tools, Arguments) {
    for (auto const& name : tools.archive().names())
        print("%s\n", name.c_str());
    return {};
}

constexpr std::array commands{
    Command{"create", "[-p] [-c] FILE [KEY=VALUE ...]", "start a guest of the boot archive", create},
    Command{"files", "", "what the boot archive holds", files},
    Command{"destroy", "DOMAIN", "end a guest at once", destroy},
    Command{"shutdown", "[-w] [-F] DOMAIN|-a", "ask guests to power off; -a all, -w waits", shutdown},
    Command{"reboot", "[-w] DOMAIN|-a", "ask guests to restart", reboot},
    Command{"driver-restart", "DOMAIN [WORD ...]",
            "end a driver domain at once and start it anew; words for its command line, this time",
            driver_restart},
    Command{"pause", "DOMAIN", "stop a guest where it is", pause},
    Command{"unpause", "DOMAIN", "let it go on", unpause},
    Command{"console", "DOMAIN", "attach to a guest's console", console},
    Command{"rename", "DOMAIN NAME", "give a guest another name", rename},
    Command{"trigger", "DOMAIN nmi [VCPU]", "interrupt a guest that hears nothing else", trigger},
    Command{"sysrq", "DOMAIN LETTER", "send a Linux guest a magic key", sysrq},
};

}  // namespace

std::span<Command const> xl_life_commands() {
    return commands;
}

}  // namespace control

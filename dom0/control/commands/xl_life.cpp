// SPDX-License-Identifier: MIT
// xl's verbs that begin, steer and end guests.
#include <array>

#include "dom0/control/commands/command.hpp"
#include "guest-pv/rt/time.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;

constexpr Nanos patience = 60 * rt::second;  // of `shutdown -w`

Outcome<> create(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, "pcqF"));
    if (options.operands.empty())
        return Failure{"name a configuration; these are in the boot archive: see 'xl files'"};
    auto const& file = options.operands.front();
    auto const id = GET(tools.create(file, {options.operands.begin() + 1, options.operands.end()}));
    if (!options.has('q'))
        print("Parsing config from %s\n", file.c_str());
    if (!options.has('p'))
        DO(or_say(domctl::unpause(id), "cannot start it"));
    if (options.has('c'))
        DO(or_say(tools.consoles().attach(id), "cannot attach to its console"));
    return {};
}

Outcome<> destroy(Toolstack& tools, Arguments arguments) {
    return tools.destroy(GET(only_domain(tools, GET(options_of(arguments, "f")))));
}

Outcome<> ask(Toolstack& tools, Arguments arguments, std::string_view what) {
    auto const options = GET(options_of(arguments, "wF"));
    auto const id = GET(only_domain(tools, options));
    print("Shutting down domain %u\n", unsigned{id.raw()});
    DO(tools.ask(id, what));
    if (options.has('w') && !tools.wait_for_end(id, rt::now() + patience))
        return Failure{"the guest did not end within a minute"};
    return {};
}

Outcome<> shutdown(Toolstack& tools, Arguments arguments) {
    return ask(tools, arguments, "poweroff");
}
Outcome<> reboot(Toolstack& tools, Arguments arguments) {
    return ask(tools, arguments, "reboot");
}

Outcome<> pause(Toolstack& tools, Arguments arguments) {
    return or_say(domctl::pause(GET(only_domain(tools, GET(options_of(arguments, ""))))), "cannot pause it");
}

Outcome<> unpause(Toolstack& tools, Arguments arguments) {
    return or_say(domctl::unpause(GET(only_domain(tools, GET(options_of(arguments, ""))))),
                  "cannot unpause it");
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
    auto const path = "/local/domain/" + std::to_string(id.raw()) + "/control/sysrq";
    return or_say(tools.store().write(path, options.operands[1]), "cannot ask the guest");
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
    Command{"shutdown", "[-w] DOMAIN", "ask a guest to power off; -w waits", shutdown},
    Command{"reboot", "[-w] DOMAIN", "ask a guest to restart", reboot},
    Command{"pause", "DOMAIN", "stop a guest where it is", pause},
    Command{"unpause", "DOMAIN", "let it go on", unpause},
    Command{"console", "DOMAIN", "attach to a guest's console", console},
    Command{"sysrq", "DOMAIN LETTER", "send a Linux guest a magic key", sysrq},
};

}  // namespace

std::span<Command const> xl_life_commands() {
    return commands;
}

}  // namespace control

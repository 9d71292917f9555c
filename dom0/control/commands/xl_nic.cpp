// SPDX-License-Identifier: MIT
// Verbs about the machine's network cards, which xl does not have: under Xen
// they are the driver domain's own business.
#include <array>

#include "dom0/control/commands/command.hpp"
#include "dom0/control/network_questions.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::Outcome;

Outcome<> nic_list(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, "v"));
    print_text(GET(ask_network(tools, {.line = options.has('v') ? "cards -v" : "cards"})));
    return {};
}

Outcome<> nic_reset(Toolstack& tools, Arguments arguments) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.size() != 1)
        return Failure{"name one card by its number"};
    if (auto const objection = GET(ask_network(tools, {.line = "reset " + options.operands.front()}));
        !objection.empty())
        return Failure{objection};
    return {};
}

constexpr std::array commands{
    Command{"nic-list", "[-v]", "network cards of the machine; -v with what they carried", nic_list},
    Command{"nic-reset", "NUMBER", "reset one, within a second", nic_reset},
};

}  // namespace

std::span<Command const> xl_nic_commands() {
    return commands;
}

}  // namespace control

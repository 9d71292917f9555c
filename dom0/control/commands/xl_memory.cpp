// SPDX-License-Identifier: MIT
// xl's verbs about a guest's memory.
#include <array>

#include "dom0/control/balloon.hpp"
#include "dom0/control/commands/command.hpp"
#include "dom0/toolstack/memory_size.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::Outcome;

using Setting = Outcome<> (*)(rt::xenbus::Connection& store, DomId domain, u64 kib);

Outcome<> set(Toolstack& tools, Arguments arguments, Setting setting) {
    auto const options = GET(options_of(arguments, ""));
    if (options.operands.size() != 2)
        return Failure{"name one domain and a size"};
    auto const id = GET(tools.find(options.operands[0]));
    auto const kib = toolstack::parse_memory_size(options.operands[1]);
    if (!kib)
        return Failure{"'" + options.operands[1] + "' is not a size"};
    return setting(tools.store(), id, *kib);
}

Outcome<> mem_set(Toolstack& tools, Arguments arguments) {
    return set(tools, arguments, set_memory_target);
}

Outcome<> mem_max(Toolstack& tools, Arguments arguments) {
    return set(tools, arguments, set_memory_limit);
}

constexpr std::array commands{
    Command{"mem-set", "DOMAIN SIZE", "ask a guest to use this much memory (MiB)", mem_set},
    Command{"mem-max", "DOMAIN SIZE", "how much it may be asked to use", mem_max},
};

}  // namespace

std::span<Command const> xl_memory_commands() {
    return commands;
}

}  // namespace control

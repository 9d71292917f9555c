// SPDX-License-Identifier: MIT
#include "dom0/control/completion.hpp"

#include <algorithm>

#include "dom0/control/commands/command.hpp"
#include "kernel/console/editor/usage.hpp"

namespace control {
namespace {

Toolstack const* shell_tools = nullptr;

void offer_domains(editor::Completion& completion) {
    for (auto const& domain : domctl::list())
        completion.offer(shell_tools->name_of(DomId{domain.domain}));
}

void offer_configurations(editor::Completion& completion) {
    for (auto const& name : shell_tools->archive().names())
        if (name.ends_with(".cfg"))
            completion.offer(name);
}

void stand_in(std::string_view capitals, editor::Completion& completion) {
    if (capitals == "DOMAIN" || capitals == "NAME")
        offer_domains(completion);
    else if (capitals == "FILE")
        offer_configurations(completion);
}

}  // namespace

void complete_for(Toolstack const& tools) {
    shell_tools = &tools;
}

void complete(editor::Completion& completion) {
    std::string_view given = completion.before();
    auto commands = shell_commands();
    std::string_view name = editor::take_word(given);
    if (name == "xl") {
        commands = xl_commands();
        name = editor::take_word(given);
    } else if (name.empty()) {
        completion.offer("xl");
    }
    for (auto const& command : commands)
        if (name.empty())
            completion.offer(command.name);
        else if (command.name == name)
            editor::offer_by_usage(command.usage, given, completion, stand_in);
}

}  // namespace control

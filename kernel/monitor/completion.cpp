// SPDX-License-Identifier: MIT
#include "kernel/monitor/completion.hpp"

#include "kernel/console/editor/usage.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/trace/event.hpp"

namespace monitor {
namespace {

void offer_commands(editor::Completion& completion) {
    for (Command const& c : commands())
        completion.offer(c.name);
}

void stand_in(std::string_view capitals, editor::Completion& completion) {
    if (capitals == "DOM")
        domains::for_each([&](Domain& d) { completion.offer(d.name_view()); });
    else if (capitals == "COMMAND")
        offer_commands(completion);
    else if (capitals == "KINDS")
        for (std::string_view const name : trace::names)
            completion.offer(name);
}

}  // namespace

void complete(editor::Completion& completion) {
    std::string_view given = completion.before();
    std::string_view const name = editor::take_word(given);
    if (name.empty())
        offer_commands(completion);
    else if (Command const* const c = find_command(name))
        editor::offer_by_usage(c->usage, given, completion, stand_in);
}

}  // namespace monitor

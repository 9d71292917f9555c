// SPDX-License-Identifier: MIT
#include "dom0/control/commands/command.hpp"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>

#include "dom0/control/terminal.hpp"
#include "dom0/shell/words.hpp"
#include "dom0/toolstack/text.hpp"

namespace control {
namespace {

using toolstack::Failure;
using toolstack::or_say;
using toolstack::Outcome;

std::vector<Command> joined(std::initializer_list<std::span<Command const>> groups) {
    std::vector<Command> all;
    for (auto const group : groups)
        all.insert(all.end(), group.begin(), group.end());
    return all;
}

std::vector<Command> xl_commands() {
    return joined({xl_life_commands(), xl_list_commands(), xl_top_commands(), xl_memory_commands(),
                   xl_vcpu_commands(), xl_sched_commands(), xl_network_commands(), xl_nic_commands(),
                   xl_machine_commands()});
}

// Verbs that users of xl know and that make no sense here, or not yet.
struct Refusal {
    std::string_view verb;
    std::string_view reason;
};
constexpr std::array refusals{
    Refusal{"save", "guests cannot be saved"},
    Refusal{"restore", "guests cannot be saved"},
    Refusal{"migrate", "guests cannot be moved to another machine"},
    Refusal{"remus", "guests cannot be moved to another machine"},
    Refusal{"vncviewer", "guests have no graphics"},
    Refusal{"cpupool-list", "all processors form one pool"},
    Refusal{"pci-list", "devices belong to the driver domain"},
    Refusal{"pci-attach", "devices belong to the driver domain"},
    Refusal{"pci-detach", "devices belong to the driver domain"},
    Refusal{"usb-list", "devices belong to the driver domain"},
    Refusal{"block-list", "there are no block devices"},
    Refusal{"block-attach", "there are no block devices"},
    Refusal{"block-detach", "there are no block devices"},
};

Outcome<> find_and_run(Toolstack& tools, std::span<Command const> commands, std::string_view program,
                       std::span<std::string const> words) {
    auto const command = std::ranges::find(commands, words.front(), &Command::name);
    if (command != commands.end())
        return command->run(tools, words.subspan(1));
    std::vector<std::string_view> names(commands.size());
    std::ranges::transform(commands, names.begin(), &Command::name);
    std::string text{program};
    text.append("unknown command '").append(words.front()).append("'");
    if (auto const meant = toolstack::nearest(words.front(), names); !meant.empty())
        text.append(", did you mean '").append(meant).append("'?");
    return Failure{text};
}

void print_help(std::string_view program, std::span<Command const> commands) {
    for (auto const& command : commands) {
        std::string const call = std::string{program}.append(command.name).append(" ").append(command.usage);
        print("  %-44s %s\n", call.c_str(), std::string{command.help}.c_str());
    }
}

Outcome<> run_xl(Toolstack& tools, Arguments arguments) {
    auto const commands = xl_commands();
    if (arguments.empty() || arguments.front() == "help") {
        print_help("xl ", commands);
        return {};
    }
    auto const refused = std::ranges::find(refusals, arguments.front(), &Refusal::verb);
    if (refused != refusals.end())
        return Failure{"xl: '" + arguments.front() +
                       "' is not supported by Granite: " + std::string{refused->reason}};
    return find_and_run(tools, commands, "xl: ", arguments);
}

Outcome<> run_help(Toolstack&, Arguments) {
    print_help("xl ", xl_commands());
    print_help("", xenstore_commands());
    print_text("Ctrl-] leaves a guest's console.\n");
    return {};
}

constexpr std::array top_commands{
    Command{"help", "", "this list", run_help},
    Command{"xl", "VERB ...", "create, list and end guests", run_xl},
};

}  // namespace

void print(char const* format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int const size = std::vsnprintf(nullptr, 0, format, arguments);
    va_end(arguments);
    std::string text(static_cast<usize>(std::max(size, 0)) + 1, '\0');
    std::vsnprintf(text.data(), text.size(), format, again);
    va_end(again);
    text.pop_back();
    print_text(text);
}

void print_text(std::string_view text) {
    terminal::write(text);
}

Outcome<Options> options_of(Arguments arguments, std::string_view known) {
    Options options;
    for (auto const& argument : arguments) {
        if (argument.size() < 2 || argument.front() != '-') {
            options.operands.push_back(argument);
            continue;
        }
        for (char const letter : argument.substr(1)) {
            if (known.find(letter) == std::string_view::npos)
                return Failure{std::string{"unknown option -"} + letter};
            options.given += letter;
        }
    }
    return options;
}

Outcome<DomId> only_domain(Toolstack& tools, Options const& options) {
    if (options.operands.size() != 1)
        return Failure{"name one domain"};
    return tools.find(options.operands.front());
}

Outcome<std::vector<domctl::Info>> chosen_domains(Toolstack& tools, Options const& options) {
    if (options.operands.empty())
        return domctl::list();
    auto const id = GET(only_domain(tools, options));
    return std::vector{GET(or_say(domctl::info(id), "cannot inspect it"))};
}

bool run_line(Toolstack& tools, std::string_view line) {
    auto const words = shell::words_of(line);
    if (!words) {
        print_text("a quote is not closed\n");
        return false;
    }
    if (words->empty())
        return true;
    auto const done = find_and_run(tools, joined({top_commands, xenstore_commands()}), "", *words);
    if (!done)
        print("%s\n", done.error().c_str());
    return done.has_value();
}

}  // namespace control

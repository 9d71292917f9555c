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
    Refusal{"cd-insert", "there are no block devices"},
    Refusal{"cd-eject", "there are no block devices"},
    Refusal{"dump-core", "a guest's memory cannot be written to a file; see 'xl monitor registers'"},
    Refusal{"sched-credit2", "the scheduler is credit"},
    Refusal{"sched-rtds", "the scheduler is credit"},
};

// "xl ", or "" in front of programs.
using Prefix = std::string_view;

std::string call_of(Prefix prefix, Command const& command) {
    return std::string{prefix}.append(command.name).append(" ").append(command.usage);
}

Outcome<Command const*> command_named(std::span<Command const> commands, Prefix prefix,
                                      std::string const& name) {
    auto const command = std::ranges::find(commands, name, &Command::name);
    if (command != commands.end())
        return &*command;
    std::vector<std::string_view> names(commands.size());
    std::ranges::transform(commands, names.begin(), &Command::name);
    auto text = std::string{toolstack::trimmed(prefix)}.append(prefix.empty() ? "" : ": ");
    text.append("unknown command '").append(name).append("'");
    text.append(toolstack::did_you_mean(name, names, "; 'help' lists them"));
    return Failure{text};
}

void print_help(Prefix prefix, Command const& command) {
    print("  %-44s %s\n", call_of(prefix, command).c_str(), std::string{command.help}.c_str());
}

void print_help(Prefix prefix, std::span<Command const> commands) {
    for (auto const& command : commands)
        print_help(prefix, command);
}

// What went wrong is told with the command's name; without any argument, also
// what it would like to have.
Outcome<> run(Toolstack& tools, Prefix prefix, Command const& command, Arguments arguments) {
    if (!arguments.empty() && (arguments.front() == "-h" || arguments.front() == "--help")) {
        print_help(prefix, command);
        return {};
    }
    auto const done = command.run(tools, arguments);
    if (done)
        return {};
    auto text = std::string{prefix}.append(command.name).append(": ").append(done.error());
    if (arguments.empty())
        text.append("\nusage: ").append(call_of(prefix, command));
    return Failure{text};
}

std::string unknown_option(char letter, std::string_view known) {
    std::string text = std::string{"unknown option -"} + letter;
    if (known.empty())
        return text + "; it takes none";
    text += "; it takes";
    for (char const each : known)
        text.append(" -").append(1, each);
    return text;
}

Outcome<> run_xl(Toolstack& tools, Arguments arguments) {
    auto const commands = xl_commands();
    if (arguments.empty() || (arguments.front() == "help" && arguments.size() == 1)) {
        print_help("xl ", commands);
        return {};
    }
    if (arguments.front() == "help") {
        print_help("xl ", *GET(command_named(commands, "xl ", arguments[1])));
        return {};
    }
    auto const refused = std::ranges::find(refusals, arguments.front(), &Refusal::verb);
    if (refused != refusals.end())
        return Failure{"xl: '" + arguments.front() +
                       "' is not supported by Granite: " + std::string{refused->reason}};
    return run(tools, "xl ", *GET(command_named(commands, "xl ", arguments.front())), arguments.subspan(1));
}

Outcome<> run_help(Toolstack&, Arguments) {
    print_help("xl ", xl_commands());
    print_help("", xenstore_commands());
    print_text("Ctrl-] leaves a guest's console.\n");
    return {};
}

constexpr std::array top_commands{Command{"help", "", "this list", run_help}};

}  // namespace

std::span<Command const> xl_commands() {
    static std::vector<Command> const all = joined(
        {xl_life_commands(), xl_list_commands(), xl_top_commands(), xl_memory_commands(), xl_vcpu_commands(),
         xl_sched_commands(), xl_network_commands(), xl_nic_commands(), xl_machine_commands()});
    return all;
}

std::span<Command const> shell_commands() {
    static std::vector<Command> const all = joined({top_commands, xenstore_commands()});
    return all;
}

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
                return Failure{unknown_option(letter, known)};
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

namespace {

Outcome<> run_words(Toolstack& tools, std::span<std::string const> words) {
    if (words.front() == "xl")
        return run_xl(tools, words.subspan(1));
    return run(tools, "", *GET(command_named(shell_commands(), "", words.front())), words.subspan(1));
}

}  // namespace

bool run_line(Toolstack& tools, std::string_view line) {
    auto const words = shell::words_of(line);
    if (!words) {
        print_text("a quote is not closed\n");
        return false;
    }
    if (words->empty())
        return true;
    auto const done = run_words(tools, *words);
    if (!done)
        print("%s\n", done.error().c_str());
    return done.has_value();
}

}  // namespace control

// SPDX-License-Identifier: MIT
// A command of the driver domain's shell.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dom0/control/toolstack.hpp"
#include "dom0/toolstack/outcome.hpp"

namespace control {

using Arguments = std::span<std::string const>;  // behind the command's name

struct Command {
    std::string_view name;
    std::string_view usage;
    std::string_view help;
    toolstack::Outcome<> (*run)(Toolstack& tools, Arguments arguments);
};

// Text to whoever asked, formatted like the tools whose columns it copies.
[[gnu::format(printf, 1, 2)]] void print(char const* format, ...);
void print_text(std::string_view text);

// The arguments with the options taken out. Failure: an option that is not one
// of `known`, each a letter.
struct Options {
    std::string given;
    std::vector<std::string> operands;
    [[nodiscard]] bool has(char letter) const { return given.find(letter) != std::string::npos; }
};
toolstack::Outcome<Options> options_of(Arguments arguments, std::string_view known);

// The domain that is the only operand.
toolstack::Outcome<DomId> only_domain(Toolstack& tools, Options const& options);

// All domains, or the only operand.
toolstack::Outcome<std::vector<domctl::Info>> chosen_domains(Toolstack& tools, Options const& options);

// The groups that the tables are made of, one file each.
std::span<Command const> xl_life_commands();
std::span<Command const> xl_list_commands();
std::span<Command const> xl_machine_commands();
std::span<Command const> xl_memory_commands();
std::span<Command const> xl_network_commands();
std::span<Command const> xl_nic_commands();
std::span<Command const> xl_sched_commands();
std::span<Command const> xl_top_commands();
std::span<Command const> xl_vcpu_commands();
std::span<Command const> xenstore_commands();

// What the shell knows: behind the word xl, and as a first word.
std::span<Command const> xl_commands();
std::span<Command const> shell_commands();

// Runs a line of the shell and prints what went wrong. False: it failed.
bool run_line(Toolstack& tools, std::string_view line);

}  // namespace control

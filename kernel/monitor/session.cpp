// SPDX-License-Identifier: MIT
#include "kernel/monitor/session.hpp"

#include "kernel/machine/cpu.hpp"
#include "kernel/monitor/command.hpp"

namespace monitor {
namespace {

void run_command(Arguments const& args, Report& out) {
    if (Command const* const c = find_command(args.command()))
        c->run(args, out);
    else if (!args.command().empty())
        out.refuse("no command '{}': did you mean '{}'? ('help' lists all)", args.command(),
                   nearest_command(args.command()).name);
}

}  // namespace

Answer run(std::string_view line) {
    auto memory = mm::HeapArray<char>::make(longest_answer);
    if (!memory)
        return {{}, "error: no memory for an answer\n"};
    Arguments const args{line};
    Report report{memory->span(), args.json()};
    Nanos const start = machine::now();
    report.begin(line);
    run_command(args, report);
    report.end(machine::now() - start);
    std::string_view const text = report.text();
    return {std::move(*memory), text};
}

}  // namespace monitor

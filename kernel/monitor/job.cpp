// SPDX-License-Identifier: MIT
#include "kernel/monitor/job.hpp"

#include <algorithm>

#include "kernel/monitor/command.hpp"

namespace monitor {

void Job::Cost::add(Nanos step) {
    ++steps;
    longest = std::max(longest, step);
    sum += step;
}

Job::Job(std::string_view command_line, mm::HeapArray<char> memory)
    : asked_at_{machine::now()},
      line_{text_.data(), command_line.copy(text_.data(), text_.size())},
      args_{line_},
      memory_{std::move(memory)},
      out_{memory_.span(), args_.json()} {}

void Job::begin() {
    out_.begin(line_);
    if (args_.command().empty())
        return;
    Command const* const c = find_command(args_.command());
    if (!c)
        return out_.refuse("no command '{}': did you mean '{}'? ('help' lists all)", args_.command(),
                           nearest_command(args_.command()).name);
    if (!c->run)
        return out_.refuse("the driver domain answers '{}': ask on the serial line", c->name);
    task_ = c->run(args_, out_);
}

bool Job::step() {
    Nanos const start = machine::now();
    if (cost_.steps == 0)
        begin();
    bool const more = task_.step();
    cost_.add(machine::now() - start);
    return more;
}

Answer Job::finish() {
    if (task_.lacks_memory())
        out_.refuse("no memory to work on it");
    if (args_.verbose())
        out_.note("{} steps, together {} ns, the longest {} ns", cost_.steps, cost_.sum, cost_.longest);
    out_.end(asked_at_, cost_.sum);
    std::string_view const text = out_.text();
    return {std::move(memory_), text};
}

}  // namespace monitor

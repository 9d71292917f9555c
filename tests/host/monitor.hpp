// SPDX-License-Identifier: MIT
// The monitor's answer to a command line, for who wants it at once.
#pragma once

#include "kernel/monitor/job.hpp"

namespace host {

inline monitor::Answer ask_monitor(std::string_view command_line) {
    auto memory = mm::HeapArray<char>::make(monitor::longest_answer);
    if (!memory)
        return monitor::no_memory();
    monitor::Job job{command_line, std::move(*memory)};
    while (job.step()) {
    }
    return job.finish();
}

}  // namespace host

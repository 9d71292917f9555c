// SPDX-License-Identifier: MIT
// One command line from the question to the answer.
#pragma once

#include <array>

#include "kernel/monitor/answer/arguments.hpp"
#include "kernel/monitor/answer/report.hpp"
#include "kernel/monitor/session.hpp"
#include "kernel/monitor/task.hpp"

namespace monitor {

class Job {
    // What it has cost the CPUs that it ran on.
    struct Cost {
        u64 steps = 0;
        Nanos longest = 0, sum = 0;

        void add(Nanos step);
    };

    Nanos asked_at_;
    std::array<char, longest_command> text_{};
    std::string_view line_;  // in text_
    Arguments args_;
    mm::HeapArray<char> memory_;
    Report out_;
    Task task_;
    Cost cost_;

    void begin();

  public:
    // With `memory` for the answer.
    Job(std::string_view command_line, mm::HeapArray<char> memory);
    Job(Job const&) = delete;
    Job& operator=(Job const&) = delete;

    // Works on it for one slice. False: it is done.
    bool step();
    // Closed where it is.
    Answer finish();
};

}  // namespace monitor

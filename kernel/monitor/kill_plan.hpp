// SPDX-License-Identifier: MIT
// Faults on purpose: a domain that is ended while it runs, once or again and
// again, wherever it happens to be. With --icount a time is a number of
// instructions, so each end is at another one and can be had once more.
#pragma once

#include "kernel/base/types.hpp"

namespace monitor::kill_plan {

struct Plan {
    DomId victim{};
    // After it is seen to run; each time up to twice that, by a fixed sequence.
    Nanos after = 0;
    u64 times = 0;
};

// In place of the plan before.
void begin(Plan const& plan);
void end();

struct Progress {
    Plan plan;
    u64 done = 0;
};
[[nodiscard]] Progress progress();

}  // namespace monitor::kill_plan

// SPDX-License-Identifier: MIT
// Faults on purpose: a domain that is ended while it runs, once or again and
// again, wherever it happens to be. With --icount a time is a number of
// instructions, so each end is at another one and can be had once more.
#pragma once

#include "kernel/monitor/fault_plan.hpp"

namespace monitor::kill_plan {

struct Plan {
    DomId victim{};
    // After it is seen to run; each time up to twice that, by a fixed sequence.
    Nanos after = 0;
    u64 times = 0;
};

[[nodiscard]] FaultPlan<Plan>& current();

}  // namespace monitor::kill_plan

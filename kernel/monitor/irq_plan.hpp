// SPDX-License-Identifier: MIT
// Faults on purpose: interrupts of a domain's devices that do not arrive, or that
// no device has asked for. The domain is named by number, so one that is made
// again by its number is still meant.
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"

namespace monitor::irq_plan {

enum class Fault : u8 { lose, raise };
[[nodiscard]] std::string_view name_of(Fault fault);

struct Plan {
    DomId victim{};
    Fault fault{};
    u64 every = 0;  // lose: one of so many; raise: all, each time after so many microseconds
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

}  // namespace monitor::irq_plan

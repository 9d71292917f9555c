// SPDX-License-Identifier: MIT
// Faults on purpose: interrupts of a domain's devices that do not arrive, or that
// no device has asked for.
#pragma once

#include <string_view>

#include "kernel/monitor/fault_plan.hpp"

namespace monitor::irq_plan {

enum class Fault : u8 { lose, raise };
[[nodiscard]] std::string_view name_of(Fault fault);

struct Plan {
    DomId victim{};
    Fault fault{};
    u64 every = 0;  // lose: one of so many; raise: all, each time after so many microseconds
    u64 times = 0;
};

[[nodiscard]] FaultPlan<Plan>& current();

}  // namespace monitor::irq_plan

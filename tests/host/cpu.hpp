// SPDX-License-Identifier: MIT
// The host's answer to kernel/machine/cpu.hpp: one CPU whose clock, current
// vcpu and preemptions are in the test's hands, and a note of what it was asked.
#pragma once

#include <functional>
#include <vector>

#include "kernel/machine/cpu.hpp"

namespace host {

struct Cpu {
    CpuId id{0};
    Vcpu* current = nullptr;
    Nanos now = 0;
    Nanos timer = machine::timer_off;  // as last set
    std::vector<CpuId> kicks;          // in order
    std::function<bool()> preempt;     // asked by preempt_pending(); empty: never
    u64 preemption_points = 0;         // how often it was asked
};

Cpu& cpu();
// As after start-up.
void reset_cpu();

}  // namespace host

// SPDX-License-Identifier: MIT
// The host's answer to kernel/machine/cpu.hpp: a CPU whose clock, current
// vcpu and preemptions are in the test's hands, and a note of what it was asked.
// A test may say that there are several CPUs and which of them it is just now;
// crew.hpp runs several at a time. Each thread is a CPU of its own.
#pragma once

#include <functional>
#include <vector>

#include "kernel/machine/cpu.hpp"

namespace host {

struct Cpu {
    CpuId id{0};
    unsigned online = 1;
    Vcpu* current = nullptr;
    Nanos now = 0;
    Nanos look_at_clock = 0;           // what that takes: by so much it goes on each time
    Nanos timer = machine::timer_off;  // as last set; off again once it has fired
    std::vector<CpuId> kicks;          // in order
    std::function<bool()> preempt;     // asked by preempt_pending(); empty: never
    u64 preemption_points = 0;         // how often it was asked
    std::function<void()> others;      // lets other CPUs run; empty: there are none

    // Whether the timer interrupt comes now: a one-shot timer does it once.
    bool timer_fires() { return now >= timer && (timer = machine::timer_off, true); }
};

Cpu& cpu();
// As after start-up.
void reset_cpu();

}  // namespace host

// SPDX-License-Identifier: MIT
// Software timers. Each belongs to one CPU's queue at a time; the nearest
// deadline is programmed into that CPU's one-shot timer.
#pragma once

#include "kernel/base/types.hpp"

struct Timer {
    using Fn = void (*)(Timer&, void* context);
    Fn fn = nullptr;
    void* context = nullptr;
    Nanos deadline = 0;
    // Queue bookkeeping, under that CPU's run-queue lock.
    CpuId cpu{};
    u32 heap_slot = 0;  // 0: not armed
};

namespace timers {

// Arms (or moves) a timer on `cpu`. A deadline in the past fires once, soon.
void arm(Timer& t, Nanos deadline, CpuId cpu);
// After this the timer's function will not run until armed again.
void cancel(Timer& t);
[[nodiscard]] bool armed(Timer const& t);

// From the timer interrupt: runs what is due and programs the next deadline.
void run_expired();

}  // namespace timers

// SPDX-License-Identifier: MIT
// Software timers. An armed timer is in the queue of the CPU that armed it; the
// nearest deadline is programmed into that CPU's one-shot timer.
#pragma once

#include <atomic>

#include "kernel/base/types.hpp"

struct Timer {
    using Fn = void (*)(Timer&, void* context);
    Fn fn = nullptr;
    void* context = nullptr;
    Nanos deadline = 0;
    // CPU + 1 of the queue it is in; 0: not armed. Changes only under the lock
    // of the queue it enters or leaves, so it is never in two (SC-4).
    std::atomic<u32> queue{0};
    Timer* child = nullptr;  // see timer_heap.hpp
    Timer* next = nullptr;
    Timer* prev = nullptr;
};

namespace timers {

// Arms or moves a timer, on this CPU. A deadline in the past fires once, soon.
void arm(Timer& t, Nanos deadline);
// After this the timer's function does not run until armed again: one that
// runs on another CPU is waited for, so hold no lock that the function takes.
void cancel(Timer& t);
[[nodiscard]] bool armed(Timer const& t);

// From the timer interrupt: runs what is due and programs the next deadline.
// True when the slice end was due; it is then none until set again.
bool run_expired();

// The scheduler's own deadline on this CPU, beside the timers; timer_off: none.
void set_slice_end(Nanos deadline);

}  // namespace timers

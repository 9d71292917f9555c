// SPDX-License-Identifier: MIT
// How long hypercalls, and what a guest's exceptions ask for, go on without a look at who else waits,
// machine::preempt_pending() (DS-1). Of each call the longest stretch is kept: from where to where it went,
// and the call's first argument, which mostly names the operation. Off, it costs a test at each look;
// hypercalls are served by another table meanwhile.
#pragma once

#include <atomic>

#include "kernel/base/types.hpp"

namespace stretches {

// By number: hypercalls, and after them all exceptions of guests, which emulated
// instructions and stores to tables are.
inline constexpr unsigned exceptions = 64;
inline constexpr unsigned most_calls = exceptions + 1;

struct Stretch {
    u64 cycles = 0;
    u64 argument = 0;
    // Behind which look it began, and with which it ended: addresses of code. Zero
    // is where the call itself began or ended.
    u64 from = 0;
    u64 to = 0;
};

// Whoever serves hypercalls wants to know; told with each change.
void set_follower(void (*follow)(bool on));
// Forgets what was.
void start();
void stop();

extern std::atomic<bool> measuring;
// Of preempt_pending(), before and after others had their instant; `at` asked.
void end_at_look(u64 at);
void begin_at_look(u64 at);

// One call, or one with others inside of it, whose stretches count as its own.
class Call {
  public:
    Call(u32 number, u64 argument);
    Call(Call const&) = delete;
    Call& operator=(Call const&) = delete;
    ~Call();
};

// On any CPU.
Stretch longest(u32 number);

}  // namespace stretches

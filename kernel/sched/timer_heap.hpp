// SPDX-License-Identifier: MIT
// Timers by deadline: a pairing heap through the timers themselves, so that
// arming one can never fail for want of memory.
//
//   child  the first of the timers below this one, none earlier than it
//   next   the next one below the same parent
//   prev   the one whose child or next this is
#pragma once

#include "kernel/sched/timer.hpp"

class TimerHeap {
    Timer* top_ = nullptr;

  public:
    [[nodiscard]] Timer* top() const { return top_; }
    void insert(Timer& t);
    void remove(Timer& t);  // it must be in this heap
};

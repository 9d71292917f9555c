// SPDX-License-Identifier: MIT
// Where threads wait for something to become true. The usual shape is
//     while (!ready) queue.wait();
// Nothing can slip in between the test and the wait: threads are cooperative
// and event handlers run only between them.
#pragma once

#include "guest-pv/rt/time.hpp"

namespace rt {

class Thread;

class WaitQueue {
  public:
    WaitQueue() = default;
    WaitQueue(WaitQueue const&) = delete;
    WaitQueue& operator=(WaitQueue const&) = delete;

    // False when `deadline` passed before somebody woke this thread.
    bool wait(Nanos deadline = never);

    void wake_one();
    void wake_all();

    [[nodiscard]] bool empty() const { return first_ == nullptr; }

  private:
    friend class Scheduler;
    Thread* first_ = nullptr;
    Thread* last_ = nullptr;
};

}  // namespace rt

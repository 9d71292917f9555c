// SPDX-License-Identifier: MIT
// Exclusion across a wait: only needed where a thread may sleep in the middle
// of something that must look whole, such as a message written in pieces.
#pragma once

#include "guest-pv/rt/thread/wait_queue.hpp"

namespace rt {

class Mutex {
  public:
    class Guard {
      public:
        explicit Guard(Mutex& mutex) : mutex_{mutex} {
            while (mutex_.held_)
                mutex_.waiters_.wait();
            mutex_.held_ = true;
        }
        ~Guard() {
            mutex_.held_ = false;
            mutex_.waiters_.wake_one();
        }
        Guard(Guard const&) = delete;
        Guard& operator=(Guard const&) = delete;

      private:
        Mutex& mutex_;
    };

  private:
    WaitQueue waiters_;
    bool held_ = false;
};

}  // namespace rt

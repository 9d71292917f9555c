// SPDX-License-Identifier: MIT
// Jobs in line from one virtual CPU to another, without locks: one gives, one
// takes. Who takes sleeps when there are none, and is woken only then.
#pragma once

#include <array>
#include <atomic>

#include "kernel/base/types.hpp"

namespace helpers {

template <class Job>
class JobLine {
  public:
    static constexpr u32 size = 64;

    // --- of who gives ---

    // False: the line is full.
    [[nodiscard]] bool give(Job& job) {
        u32 const end = end_.load(std::memory_order_relaxed);
        if (end - begin_.load(std::memory_order_acquire) == size)
            return false;
        jobs_[end % size] = &job;
        end_.store(end + 1);
        return true;
    }
    // After give(). True: who takes sleeps, and is to be woken, once.
    [[nodiscard]] bool must_wake() { return asleep_.load() && asleep_.exchange(false); }

    // --- of who takes ---

    // None: the line is empty.
    [[nodiscard]] Job* take() {
        u32 const begin = begin_.load(std::memory_order_relaxed);
        if (begin == end_.load(std::memory_order_acquire))
            return nullptr;
        Job* const job = jobs_[begin % size];
        begin_.store(begin + 1, std::memory_order_release);
        return job;
    }
    // False: there is a job after all. Each side writes its own word before it
    // reads the other's, in one order of all, so not both can miss the other.
    [[nodiscard]] bool may_sleep() {
        asleep_.store(true);
        if (begin_.load(std::memory_order_relaxed) == end_.load())
            return true;
        asleep_.store(false);
        return false;
    }

  private:
    // What the two sides write lies far apart, so that neither takes the other's
    // line of the cache away.
    std::atomic<u32> begin_ = 0;        // of who takes
    std::atomic<bool> asleep_ = false;  // set by who takes, cleared by either
    std::array<Job*, size> jobs_{};     // of who gives, until taken
    std::atomic<u32> end_ = 0;          // of who gives
};

}  // namespace helpers

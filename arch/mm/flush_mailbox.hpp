// SPDX-License-Identifier: MIT
// What other CPUs want one CPU to flush. Requests that come before it looks
// merge into one; each asker knows its answer by the number of its request.
#pragma once

#include <atomic>

#include "kernel/base/types.hpp"

namespace arch {

class alignas(64) FlushMailbox {
  public:
    // Besides these, a request is the address of one page.
    static constexpr u64 nothing = 0, everything = 1;

    // For askers. The number of the request.
    u32 leave(u64 what) {
        u64 now = nothing;
        while (!wanted_.compare_exchange_weak(now, now == nothing || now == what ? what : everything)) {
        }
        return asked_.fetch_add(1) + 1;
    }
    [[nodiscard]] bool is_answered(u32 number) const {
        return static_cast<s32>(answered_.load(std::memory_order_acquire) - number) >= 0;
    }

    // For the owner: flush(what) for what is wanted, if anything is. What was
    // counted before it was taken out is covered by the flush.
    template <class Flush>
    void answer(Flush flush) {
        u32 const asked = asked_.load();
        if (asked == answered_.load(std::memory_order_relaxed)) [[likely]]
            return;
        if (u64 const what = wanted_.exchange(nothing); what != nothing)
            flush(what);
        answered_.store(asked, std::memory_order_release);
    }

  private:
    std::atomic<u64> wanted_{nothing};
    std::atomic<u32> asked_{0};     // requests so far, counted after they are in wanted_
    std::atomic<u32> answered_{0};  // of those, written by the owner alone
};

}  // namespace arch

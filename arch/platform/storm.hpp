// SPDX-License-Identifier: MIT
// A limit for the interrupts of one line, so that a device gone mad costs a
// bounded share of one processor (IO-7).
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

class StormGuard {
    Nanos window_start_ = 0;
    u32 count_ = 0;

  public:
    static constexpr Nanos window = 10'000'000;
    static constexpr u32 limit = 1000;  // 100,000 a second: more than a busy card sends

    // Counts one interrupt. True when the line has had its share of this window
    // and should rest until rest_until().
    [[nodiscard]] bool record(Nanos now) {
        if (now - window_start_ >= window) {
            window_start_ = now;
            count_ = 0;
        }
        return ++count_ == limit;
    }
    [[nodiscard]] Nanos rest_until() const { return window_start_ + window; }
};

}  // namespace arch

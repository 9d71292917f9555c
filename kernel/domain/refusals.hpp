// SPDX-License-Identifier: MIT
// The last hypercalls that a vcpu was refused. A guest that breaks has often
// not looked at an answer: these lines in its crash report say which.
#pragma once

#include <array>
#include <string_view>

#include "kernel/base/result.hpp"

struct Refusal {
    std::string_view call;  // lives for ever; empty: there is no such call
    Errno why{};
    u64 first = 0, second = 0;  // arguments, of the latest
    u64 times = 0;              // in a row
};

// Written by the vcpu itself, read by it when it crashes.
class Refusals {
    std::array<Refusal, 8> ring_{};
    usize next_ = 0;

  public:
    // The same again only counts: a guest that probes does not push out the rest.
    void note(std::string_view call, Errno why, u64 first, u64 second);

    // Oldest first.
    template <class F>
    void for_each(F f) const {
        for (usize i = 0; i < ring_.size(); ++i)
            if (Refusal const& r = ring_[(next_ + i) % ring_.size()]; r.times != 0)
                f(r);
    }
};

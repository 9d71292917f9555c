// SPDX-License-Identifier: MIT
// How soon a guest that crashed starts again: at once, but ever later if it
// crashes soon after its start each time, so that one that cannot live does not
// keep the machine busy with its building.
#pragma once

#include <algorithm>

#include "kernel/base/types.hpp"

namespace toolstack {

class RestartPace {
    u32 soon_ = 0;  // crashes in a row, each soon after its start

  public:
    static constexpr Nanos soon = 60'000'000'000;
    static constexpr Nanos soon_for_drivers = 100'000'000;
    static constexpr Nanos first = 1'000'000'000, longest = 60'000'000'000;

    // It crashed after it had run for `lived`: what to wait before the next start.
    Nanos after_crash(Nanos lived, Nanos too_soon = soon) {
        soon_ = lived < too_soon ? soon_ + 1 : 0;
        if (soon_ < 2)
            return 0;
        constexpr u32 most_doublings = 6;
        return std::min(first << std::min(soon_ - 2, most_doublings), longest);
    }
};

}  // namespace toolstack

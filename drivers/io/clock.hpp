// SPDX-License-Identifier: MIT
// Time as drivers need it: deadlines for hardware that answers late or never.
#pragma once

#include "kernel/base/types.hpp"

namespace io {

inline constexpr Nanos microsecond = 1'000;
inline constexpr Nanos millisecond = 1'000'000;
inline constexpr Nanos second = 1'000'000'000;

// The host's answers.
Nanos now();
void pause_for(Nanos span);

// Asks again and again until `done()`; false when `limit` passed before.
template <class Done>
bool wait_until(Done done, Nanos limit, Nanos step = 10 * microsecond) {
    Nanos const deadline = now() + limit;
    while (!done()) {
        if (now() >= deadline)
            return false;
        pause_for(step);
    }
    return true;
}

}  // namespace io

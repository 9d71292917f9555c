// SPDX-License-Identifier: MIT
// Time: nanoseconds since the machine started, and the wall clock, both from
// the pages that the hypervisor keeps up to date. Reading them traps nowhere.
#pragma once

#include <limits>

#include "kernel/base/types.hpp"

namespace rt {

inline constexpr Nanos never = std::numeric_limits<Nanos>::max();
inline constexpr Nanos microsecond = 1'000;
inline constexpr Nanos millisecond = 1'000'000;
inline constexpr Nanos second = 1'000'000'000;

// System time; it only grows.
Nanos now();

// The time stamp counter's ticks in so long a span.
u64 ticks_in(Nanos span);

// Nanoseconds since 1970-01-01 UTC.
Nanos wall_clock();

}  // namespace rt

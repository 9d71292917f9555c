// SPDX-License-Identifier: MIT
// Between cycles of a steady counter and nanoseconds, without division and
// without overflow for centuries.
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

class TimeScale {
    __extension__ using Wide = unsigned __int128;

    static constexpr unsigned nanos_shift = 40;  // 1e6 << 40 just fits 64 bits
    static constexpr unsigned cycles_shift = 32;
    static constexpr u64 nanos_per_milli = 1000000;

    u64 nanos_per_cycle_ = 0;  // times 2^40
    u64 cycles_per_nano_ = 0;  // times 2^32

  public:
    constexpr TimeScale() = default;
    constexpr explicit TimeScale(u32 khz)
        : nanos_per_cycle_{(nanos_per_milli << nanos_shift) / khz},
          cycles_per_nano_{(u64{khz} << cycles_shift) / nanos_per_milli} {}

    [[nodiscard]] constexpr u64 nanos(u64 cycles) const {
        return static_cast<u64>(Wide{cycles} * nanos_per_cycle_ >> nanos_shift);
    }
    [[nodiscard]] constexpr u64 cycles(u64 nanos) const {
        return static_cast<u64>(Wide{nanos} * cycles_per_nano_ >> cycles_shift);
    }
};

}  // namespace arch

// SPDX-License-Identifier: MIT
// The battery-backed clock (MC146818), which keeps UTC.
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

// As its registers hold it.
struct RtcTime {
    u8 second, minute, hour, day, month, year, century;
    bool binary;  // else binary-coded decimal
    bool hours24;
    auto operator<=>(RtcTime const&) const = default;
};
// Unix time; 0 when the fields are no date.
s64 rtc_seconds(RtcTime t);

s64 read_rtc_seconds();

}  // namespace arch

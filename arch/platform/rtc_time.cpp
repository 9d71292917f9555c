// SPDX-License-Identifier: MIT
// From the clock's registers to Unix time: no hardware here.
#include "arch/platform/rtc.hpp"

namespace arch {
namespace {

constexpr u8 afternoon = 0x80;

unsigned decoded(u8 v, bool binary) {
    return binary ? v : (v >> 4) * 10u + (v & 15u);
}

// Days from 1970-01-01 in the Gregorian calendar, for years from 1970 on.
// A year is taken to begin in March, so that the leap day comes last.
s64 days_since_epoch(s64 year, unsigned month, unsigned day) {
    s64 const y = month <= 2 ? year - 1 : year;
    s64 const m = (month + 9) % 12;
    s64 const day_of_year = (153 * m + 2) / 5 + day - 1;
    s64 const march_1_1970_base = 719468;  // days from 0000-03-01 to the epoch
    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - march_1_1970_base;
}

}  // namespace

s64 rtc_seconds(RtcTime t) {
    unsigned const second = decoded(t.second, t.binary), minute = decoded(t.minute, t.binary);
    bool const pm = !t.hours24 && (t.hour & afternoon) != 0;
    unsigned hour = decoded(static_cast<u8>(t.hours24 ? t.hour : t.hour & ~afternoon), t.binary);
    if (!t.hours24)
        hour = hour % 12 + (pm ? 12 : 0);
    unsigned const day = decoded(t.day, t.binary), month = decoded(t.month, t.binary);
    unsigned const century = decoded(t.century, t.binary);
    // Machines without a century register hold something else there.
    s64 const year =
        s64{decoded(t.year, t.binary)} + (century >= 20 && century < 30 ? century : 20) * s64{100};
    if (second > 59 || minute > 59 || hour > 23 || day < 1 || day > 31 || month < 1 || month > 12)
        return 0;
    return ((days_since_epoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
}

}  // namespace arch

// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include <ctime>

#include "arch/platform/rtc.hpp"

using arch::rtc_seconds;
using arch::RtcTime;

TEST_CASE("the clock's fields become Unix time, binary and decimal") {
    CHECK(rtc_seconds({0, 0, 0, 1, 1, 0, 20, true, true}) == 946684800);
    CHECK(rtc_seconds({0x59, 0x30, 0x23, 0x29, 0x02, 0x24, 0x20, false, true}) == 1709249459);
}

TEST_CASE("a clock of twelve hours knows noon and midnight") {
    s64 const day = rtc_seconds({0, 0, 0, 1, 1, 26, 20, true, true});
    CHECK(rtc_seconds({0, 0, 12, 1, 1, 26, 20, true, false}) == day);
    CHECK(rtc_seconds({0, 0, 12 | 0x80, 1, 1, 26, 20, true, false}) == day + 12 * 3600);
    CHECK(rtc_seconds({0, 0, 11 | 0x80, 1, 1, 26, 20, true, false}) == day + 23 * 3600);
}

TEST_CASE("without a century register the year is one of ours") {
    CHECK(rtc_seconds({0, 0, 0, 1, 1, 26, 0xff, true, true}) ==
          rtc_seconds({0, 0, 0, 1, 1, 26, 20, true, true}));
}

TEST_CASE("fields that are no date give no time") {
    CHECK(rtc_seconds({60, 0, 0, 1, 1, 26, 20, true, true}) == 0);
    CHECK(rtc_seconds({0, 0, 24, 1, 1, 26, 20, true, true}) == 0);
    CHECK(rtc_seconds({0, 0, 0, 0, 1, 26, 20, true, true}) == 0);
    CHECK(rtc_seconds({0, 0, 0, 1, 13, 26, 20, true, true}) == 0);
    CHECK(rtc_seconds({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, false, true}) == 0);
}

TEST_CASE("every day of a century agrees with the host's calendar") {
    for (int day = 0; day < 36525; ++day) {
        std::time_t const t = 946684800 + std::time_t{day} * 86400 + 3661;
        std::tm const c = *std::gmtime(&t);
        int const year = c.tm_year + 1900;
        RtcTime const r{static_cast<u8>(c.tm_sec),
                        static_cast<u8>(c.tm_min),
                        static_cast<u8>(c.tm_hour),
                        static_cast<u8>(c.tm_mday),
                        static_cast<u8>(c.tm_mon + 1),
                        static_cast<u8>(year % 100),
                        static_cast<u8>(year / 100),
                        true,
                        true};
        REQUIRE(rtc_seconds(r) == t);
    }
}

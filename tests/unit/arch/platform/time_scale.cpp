// SPDX-License-Identifier: MIT
#include "arch/platform/time_scale.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

TEST_CASE("a second of cycles is a second of nanoseconds") {
    for (u32 const khz : {1u, 1000u, 62500u, 2600000u, 5000000u}) {
        arch::TimeScale const s{khz};
        CHECK(1000000000 - s.nanos(u64{khz} * 1000) <= 1);
        CHECK(u64{khz} * 1000 - s.cycles(1000000000) <= 1);
    }
}

TEST_CASE("time scales do not overflow within a century") {
    arch::TimeScale const s{5000000};
    u64 const century = u64{100} * 366 * 86400 * 1000000000;
    u64 const cycles = s.cycles(century);
    CHECK(cycles / 5 / 1000 >= century / 1000 - century / 1000000000);
    CHECK(cycles / 5 <= century);
    CHECK(s.nanos(cycles) <= century);
}

TEST_CASE("SC-1 scaled time never runs backwards") {
    REQUIRE(rc::check([](u64 a, u64 b) {
        arch::TimeScale const s{*rc::gen::inRange<u32>(1, 6000000)};
        u64 const low = std::min(a, b) >> 8, high = std::max(a, b) >> 8;
        RC_ASSERT(s.nanos(low) <= s.nanos(high));
        RC_ASSERT(s.cycles(low) <= s.cycles(high));
    }));
}

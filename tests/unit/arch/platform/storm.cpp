// SPDX-License-Identifier: MIT
#include "arch/platform/storm.hpp"

#include <catch2/catch_test_macros.hpp>

using arch::StormGuard;

TEST_CASE("IO-7 a busy line is not disturbed") {
    StormGuard g;
    for (Nanos t = 0; t < 1'000'000'000; t += 20'000)  // 50,000 a second
        REQUIRE_FALSE(g.record(t));
}

TEST_CASE("IO-7 a storm is told once a window, and the line may come back after it") {
    StormGuard g;
    unsigned rests = 0;
    for (Nanos t = 0; t < 10 * StormGuard::window; t += 1000) {
        if (!g.record(t))
            continue;
        ++rests;
        CHECK(g.rest_until() > t);
        CHECK(g.rest_until() <= t + StormGuard::window);
    }
    CHECK(rests == 10);
}

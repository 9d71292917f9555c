// SPDX-License-Identifier: MIT
#include "dom0/toolstack/restart_pace.hpp"

#include <catch2/catch_test_macros.hpp>

using toolstack::RestartPace;

namespace {

constexpr Nanos second = 1'000'000'000;

}  // namespace

TEST_CASE("a guest that crashes again and again starts ever later, but no later than after a minute") {
    RestartPace pace;
    for (Nanos const wait : {0, 1, 2, 4, 8, 16, 32, 60, 60, 60})
        CHECK(pace.after_crash(5 * second) == wait * second);
    for (int i = 0; i < 1000; ++i)
        CHECK(pace.after_crash(0) == RestartPace::longest);
}

TEST_CASE("a guest that lived for long starts again at once") {
    RestartPace pace;
    CHECK(pace.after_crash(second) == 0);
    CHECK(pace.after_crash(second) == second);
    CHECK(pace.after_crash(RestartPace::soon) == 0);
    CHECK(pace.after_crash(second) == 0);
    CHECK(pace.after_crash(second) == second);
}

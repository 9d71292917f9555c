// SPDX-License-Identifier: MIT
// When a guest is looked at, and when it has to call.
#include "dom0/net/netback/pace.hpp"

#include <catch2/catch_test_macros.hpp>

using netback::Pace;

namespace {

// Frames are found at each of these times; what the last look says.
template <class... Times>
Nanos found(Pace& pace, Times... times) {
    Nanos answer = 0;
    ((answer = pace.found(times)), ...);
    return answer;
}

constexpr Nanos soon = Pace::interval / 10;
constexpr Nanos late = Pace::interval + 1;

}  // namespace

TEST_CASE("a guest that keeps sending is looked at in an interval, without its call") {
    Pace pace;
    REQUIRE(found(pace, 1, 1 + soon, 1 + 2 * soon) == 0);
    REQUIRE(found(pace, 1 + 3 * soon) == 1 + 3 * soon + Pace::interval);
    REQUIRE(found(pace, 1 + 3 * soon + Pace::interval) == 1 + 3 * soon + 2 * Pace::interval);
}

TEST_CASE("a guest that sends now and then calls each time") {
    Pace pace;
    for (Nanos now = 1; now < 20 * late; now += late)
        REQUIRE(pace.found(now) == 0);
}

TEST_CASE("a guest that answers what it is given is heard at once") {
    Pace pace;
    for (Nanos now = 1; now < 20 * soon; now += soon) {
        pace.gave();
        REQUIRE(pace.found(now) == 0);
    }
}

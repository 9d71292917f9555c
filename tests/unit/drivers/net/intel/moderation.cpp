// SPDX-License-Identifier: MIT
// When a vector's messages are far apart.
#include "drivers/net/intel/moderation.hpp"

#include <catch2/catch_test_macros.hpp>

using nic::intel::Moderation;

namespace {

// So many frames, and the vector is armed; the interval then.
u32 after(Moderation& moderation, u32 frames) {
    u32 const before = moderation.interval_us();
    moderation.moved(frames);
    bool const changed = moderation.armed();
    REQUIRE(changed == (moderation.interval_us() != before));
    return moderation.interval_us();
}

}  // namespace

TEST_CASE("messages are far apart while each is of many frames") {
    Moderation moderation;
    REQUIRE(after(moderation, Moderation::many - 1) == Moderation::light_us);
    REQUIRE(after(moderation, Moderation::many) == Moderation::busy_us);
    REQUIRE(after(moderation, Moderation::few + 1) == Moderation::busy_us);
    REQUIRE(after(moderation, Moderation::few) == Moderation::light_us);
}

TEST_CASE("messages are nearer again while so many frames come that places might run out") {
    Moderation moderation;
    REQUIRE(after(moderation, Moderation::crowd - 1) == Moderation::busy_us);
    REQUIRE(after(moderation, Moderation::crowd) == Moderation::full_us);
    REQUIRE(after(moderation, Moderation::fewer) == Moderation::full_us);
    REQUIRE(after(moderation, Moderation::fewer - 1) == Moderation::busy_us);
    REQUIRE(after(moderation, Moderation::crowd) == Moderation::full_us);
    REQUIRE(after(moderation, Moderation::few) == Moderation::light_us);
}

TEST_CASE("arming without a frame says nothing") {
    Moderation moderation;
    REQUIRE(after(moderation, 0) == Moderation::light_us);
    REQUIRE(after(moderation, Moderation::many) == Moderation::busy_us);
    REQUIRE(after(moderation, 0) == Moderation::busy_us);
}

// SPDX-License-Identifier: MIT
// When a guest is told that what it sent has left.
#include "dom0/net/netback/reminder.hpp"

#include <catch2/catch_test_macros.hpp>

using netback::Reminder;

namespace {

constexpr Nanos start = 1'000'000;
constexpr Nanos late = start + Reminder::patience;

}  // namespace

TEST_CASE("a guest that has seen everything is not reminded") {
    Reminder reminder;
    REQUIRE_FALSE(reminder.look(1, 0, start));
    REQUIRE(reminder.due() == 0);
}

TEST_CASE("many responses are told of at once, and once") {
    Reminder reminder;
    REQUIRE(reminder.look(1, Reminder::enough, start));
    REQUIRE(reminder.due() == 0);
    REQUIRE_FALSE(reminder.look(1, Reminder::enough + 1, start));
    REQUIRE(reminder.look(40, Reminder::enough, start));
}

TEST_CASE("few responses are told of when the guest has not looked for long") {
    Reminder reminder;
    REQUIRE_FALSE(reminder.look(1, 1, start));
    REQUIRE(reminder.due() == start + Reminder::longest);
    REQUIRE_FALSE(reminder.look(1, 2, late - 1));
    REQUIRE(reminder.look(1, 2, late));
    REQUIRE_FALSE(reminder.look(1, 3, late + Reminder::patience));
    REQUIRE(reminder.due() == 0);
}

TEST_CASE("a guest that looks by itself is not reminded") {
    Reminder reminder;
    u32 asked = 1;
    for (Nanos now = start; now < start + 20 * Reminder::patience; now += Reminder::patience)
        REQUIRE_FALSE(reminder.look(asked++, 1, now));
    REQUIRE_FALSE(reminder.look(asked, 0, late));
    REQUIRE(reminder.due() == 0);
}

TEST_CASE("a guest that has been told and asks again is reminded again") {
    Reminder reminder;
    REQUIRE_FALSE(reminder.look(1, 1, start));
    REQUIRE(reminder.look(1, 1, late));
    REQUIRE_FALSE(reminder.look(2, 1, late));
    REQUIRE(reminder.due() == late + Reminder::longest);
    REQUIRE(reminder.look(2, 1, late + Reminder::patience));
}

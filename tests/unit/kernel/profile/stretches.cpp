// SPDX-License-Identifier: MIT
#include "kernel/profile/stretches.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/host/cpu.hpp"

namespace {

constexpr u32 number = 5, other = 6;
constexpr u64 place = 0x1000;

void work(Nanos time) {
    host::cpu().now += time;
}

void look() {
    stretches::end_at_look(place);
    work(1000);  // somebody else's
    stretches::begin_at_look(place);
}

}  // namespace

TEST_CASE("DS-1 of each call the longest stretch between two looks is kept, and where it was") {
    host::reset_cpu();
    stretches::start();
    {
        stretches::Call const call{number, 7};
        work(10);
        look();
        work(30);
        look();
        work(20);
    }
    auto const found = stretches::longest(number);
    CHECK(found.cycles == 30);
    CHECK(found.argument == 7);
    CHECK(found.from == place);
    CHECK(found.to == place);
    CHECK(stretches::longest(other).cycles == 0);
}

TEST_CASE("a call without a look is one stretch, and one inside of another is a part of it") {
    host::reset_cpu();
    stretches::start();
    {
        stretches::Call const outer{number, 1};
        work(5);
        {
            stretches::Call const inner{other, 2};
            work(50);
        }
        work(5);
    }
    CHECK(stretches::longest(number).cycles == 60);
    CHECK(stretches::longest(number).from == 0);
    CHECK(stretches::longest(number).to == 0);
    CHECK(stretches::longest(other).cycles == 0);
}

TEST_CASE("what is measured anew forgets what was, and tells who follows") {
    static bool on = false;
    stretches::set_follower([](bool now) { on = now; });
    stretches::start();
    CHECK(on);
    {
        stretches::Call const call{number, 0};
        work(5);
    }
    stretches::stop();
    CHECK(!on);
    CHECK(stretches::longest(number).cycles == 5);
    stretches::start();
    CHECK(stretches::longest(number).cycles == 0);
}

TEST_CASE("looks outside of calls are nobody's") {
    host::reset_cpu();
    stretches::start();
    look();
    for (u32 nr = 0; nr < stretches::most_calls; ++nr)
        CHECK(stretches::longest(nr).cycles == 0);
}

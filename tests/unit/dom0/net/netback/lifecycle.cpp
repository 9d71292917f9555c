// SPDX-License-Identifier: MIT
// What a backend answers to the states of a frontend.
#include "dom0/net/netback/lifecycle.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace netback;

TEST_CASE("a device is offered, connected, closed and offered again") {
    using enum State;
    REQUIRE(next_step({initialising, initialising, false, true}) == Step::announce);
    REQUIRE(next_step({initialising, init_wait, false, true}) == Step::none);
    REQUIRE(next_step({connected, init_wait, false, true}) == Step::connect);
    REQUIRE(next_step({connected, connected, true, true}) == Step::none);
    REQUIRE(next_step({closing, connected, true, true}) == Step::begin_close);
    REQUIRE(next_step({closed, closing, false, true}) == Step::end_close);
    REQUIRE(next_step({closed, closed, false, true}) == Step::none);
    REQUIRE(next_step({initialising, closed, false, true}) == Step::announce);
    REQUIRE(next_step({initialising, closed, false, false}) == Step::none);
}

TEST_CASE("rings that are connected to nobody were another backend's") {
    using enum State;
    REQUIRE(next_step({connected, connected, false, true}) == Step::take_over);
    REQUIRE(next_step({connected, connected, false, false}) == Step::take_over);
    REQUIRE(next_step({connected, closing, false, true}) == Step::none);
    REQUIRE(next_step({connected, closed, false, true}) == Step::none);
}

TEST_CASE("NB-10 rings are let go of in every state in which the frontend is gone") {
    for (State front : {State::unknown, State::closed, State::initialising})
        for (State back : {State::init_wait, State::connected, State::closing, State::closed})
            REQUIRE(next_step({front, back, true, true}) == Step::end_close);
}

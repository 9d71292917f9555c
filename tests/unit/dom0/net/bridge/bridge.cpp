// SPDX-License-Identifier: MIT
// The learning switch.
#include "dom0/net/bridge/bridge.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace bridge;
using nic::Mac;
using To = Route::To;

namespace {

constexpr Nanos now = 1'000;
Mac station(u32 n) {
    return {{0x02, 0, static_cast<u8>(n >> 24), static_cast<u8>(n >> 16), static_cast<u8>(n >> 8),
             static_cast<u8>(n)}};
}
constexpr Mac broadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

}  // namespace

TEST_CASE("an address is flooded until it has been seen, then goes to one port") {
    Bridge b;
    auto const one = *b.add_port();
    auto const two = *b.add_port();
    REQUIRE(b.route(station(1), station(2), one, now).to == To::all_others);
    auto const answer = b.route(station(2), station(1), two, now);
    REQUIRE(answer.to == To::one);
    REQUIRE(answer.port == one);
    REQUIRE(b.route(station(1), broadcast, one, now).to == To::all_others);
    REQUIRE(b.route(station(3), station(1), one, now).to == To::nowhere);
}

TEST_CASE("addresses age, and go with their port") {
    Bridge b;
    auto const one = *b.add_port();
    auto const two = *b.add_port();
    b.route(station(1), broadcast, one, now);
    REQUIRE(b.route(station(2), station(1), two, now + MacTable::lifetime + 1).to == To::all_others);
    b.route(station(1), broadcast, one, now);
    b.remove_port(one);
    REQUIRE(b.route(station(2), station(1), two, now).to == To::all_others);
    REQUIRE(b.addresses(one) == 0);
}

TEST_CASE("frames for the neighbour on the wire and from group addresses go nowhere") {
    Bridge b;
    auto const one = *b.add_port();
    REQUIRE(b.route(station(1), {{0x01, 0x80, 0xc2, 0, 0, 0x0e}}, one, now).to == To::nowhere);
    REQUIRE(b.route(broadcast, station(1), one, now).to == To::nowhere);
}

TEST_CASE("NB-13 a port that invents addresses gets its share of the table and no more") {
    Bridge b;
    auto const quiet = *b.add_port();
    auto const loud = *b.add_port();
    b.route(station(1), broadcast, quiet, now);
    for (u32 i = 0; i < 100'000; ++i)
        b.route(station(1000 + i), broadcast, loud, now);
    REQUIRE(b.addresses(loud) == MacTable::max_per_port);
    REQUIRE(b.route(station(5), station(1), loud, now).to == To::one);
}

TEST_CASE("NB-13 there are as many ports as there are and no more") {
    Bridge b;
    for (unsigned i = 0; i < max_ports; ++i)
        REQUIRE(b.add_port());
    REQUIRE_FALSE(b.add_port());
}

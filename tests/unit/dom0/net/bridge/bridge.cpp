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
    REQUIRE(b.route({station(1), station(2)}, one, now).to == To::all_others);
    auto const answer = b.route({station(2), station(1)}, two, now);
    REQUIRE(answer.to == To::one);
    REQUIRE(answer.port == one);
    REQUIRE(b.route({station(1), broadcast}, one, now).to == To::all_others);
    REQUIRE(b.route({station(3), station(1)}, one, now).to == To::nowhere);
}

TEST_CASE("addresses age, and go with their port") {
    Bridge b;
    auto const one = *b.add_port();
    auto const two = *b.add_port();
    b.route({station(1), broadcast}, one, now);
    REQUIRE(b.route({station(2), station(1)}, two, now + MacTable::lifetime + 1).to == To::all_others);
    b.route({station(1), broadcast}, one, now);
    b.remove_port(one);
    REQUIRE(b.route({station(2), station(1)}, two, now).to == To::all_others);
    REQUIRE(b.addresses(one) == 0);
}

TEST_CASE("what is for a station whose port is not there goes nowhere, and to the port once it is") {
    Bridge b;
    Station const absent{station(2), {}};
    auto const one = *b.add_port();
    auto const wire = *b.add_port(Vlans::trunk());
    b.reserve(absent);
    REQUIRE(b.route({station(1), absent.mac}, one, now).to == To::nowhere);
    REQUIRE(b.route({station(1), broadcast}, one, now).to == To::all_others);
    b.route({absent.mac, station(1)}, wire, now);  // by somebody who has taken its address
    REQUIRE(b.route({station(1), absent.mac}, one, now).to == To::nowhere);
    auto const two = *b.add_port();
    REQUIRE(b.pin(absent.mac, two));
    b.reserve(absent);
    b.give_up(absent);
    auto const found = b.route({station(1), absent.mac}, one, now);
    REQUIRE(found.to == To::one);
    REQUIRE(found.port == two);
    b.remove_port(two);
    REQUIRE(b.route({station(1), absent.mac}, one, now).to == To::all_others);
}

TEST_CASE("a station that will not come, or is of another network, is nobody's again") {
    Bridge b;
    Station const absent{station(2), VlanId{5}};
    auto const one = *b.add_port();
    auto const five = *b.add_port(Vlans{VlanId{5}});
    b.reserve(absent);
    REQUIRE(b.route({station(1), absent.mac}, one, now).to == To::all_others);
    REQUIRE(b.route({station(1), absent.mac}, five, now).to == To::nowhere);
    b.give_up(absent);
    REQUIRE(b.route({station(1), absent.mac}, five, now).to == To::all_others);
    b.reserve({Mac{}, {}});  // nobody's address
    REQUIRE(b.route({station(1), Mac{}}, one, now).to == To::all_others);
    REQUIRE_FALSE(b.pin(broadcast, one));
}

TEST_CASE("frames for the neighbour on the wire and from group addresses go nowhere") {
    Bridge b;
    auto const one = *b.add_port();
    REQUIRE(b.route({station(1), {{0x01, 0x80, 0xc2, 0, 0, 0x0e}}}, one, now).to == To::nowhere);
    REQUIRE(b.route({broadcast, station(1)}, one, now).to == To::nowhere);
}

TEST_CASE("NB-13 a port that invents addresses gets its share of the table and no more") {
    Bridge b;
    auto const quiet = *b.add_port();
    auto const loud = *b.add_port();
    b.route({station(1), broadcast}, quiet, now);
    for (u32 i = 0; i < 100'000; ++i)
        b.route({station(1000 + i), broadcast}, loud, now);
    REQUIRE(b.addresses(loud) == MacTable::max_per_port);
    REQUIRE(b.route({station(5), station(1)}, loud, now).to == To::one);
}

TEST_CASE("NB-13 there are as many ports as there are and no more") {
    Bridge b;
    for (unsigned i = 0; i < max_ports; ++i)
        REQUIRE(b.add_port());
    REQUIRE_FALSE(b.add_port());
}

TEST_CASE("a frame stays in the network it came from, and a tag is believed of members only") {
    Bridge b;
    auto const in_five = *b.add_port(Vlans{VlanId{5}});
    auto const also_in_five = *b.add_port(Vlans{VlanId{5}});
    auto const in_none = *b.add_port();
    auto const wire = *b.add_port(Vlans::trunk());
    auto const flooded = b.route({station(1), broadcast}, in_five, now);
    REQUIRE(flooded.to == To::all_others);
    REQUIRE(flooded.network == VlanId{5});
    REQUIRE(b.passage(also_in_five, VlanId{5}) == Passage::untagged);
    REQUIRE(b.passage(wire, VlanId{5}) == Passage::tagged);
    REQUIRE(b.passage(in_none, VlanId{5}) == Passage::none);
    REQUIRE(b.route({station(2), broadcast, VlanId{5}}, in_none, now).to == To::nowhere);
    REQUIRE(b.route({station(2), broadcast, VlanId{6}}, in_five, now).to == To::nowhere);
    REQUIRE(b.route({station(2), broadcast, reserved_vlan}, wire, now).to == To::nowhere);
    REQUIRE(b.route({station(9), station(1), VlanId{5}}, wire, now).port == in_five);
}

TEST_CASE("one address in two networks is two stations") {
    Bridge b;
    auto const in_five = *b.add_port(Vlans{VlanId{5}});
    auto const in_six = *b.add_port(Vlans{VlanId{6}});
    auto const wire = *b.add_port(Vlans::trunk());
    b.route({station(1), broadcast}, in_five, now);
    b.route({station(1), broadcast}, in_six, now);
    REQUIRE(b.route({station(2), station(1), VlanId{5}}, wire, now).port == in_five);
    REQUIRE(b.route({station(2), station(1), VlanId{6}}, wire, now).port == in_six);
    REQUIRE(b.route({station(2), station(1)}, wire, now).to == To::all_others);
}

TEST_CASE("a pinned address stays at its port whoever sends by it, and goes with the port") {
    Bridge b;
    auto const owner = *b.add_port();
    auto const thief = *b.add_port();
    REQUIRE(b.pin(station(1), owner));
    REQUIRE_FALSE(b.pin(station(1), thief));
    b.route({station(1), broadcast}, thief, now);
    auto const later = now + 2 * MacTable::lifetime;
    REQUIRE(b.route({station(2), station(1)}, thief, later).port == owner);
    b.remove_port(owner);
    REQUIRE(b.route({station(2), station(1)}, thief, later).to == To::all_others);
}

TEST_CASE("NB-13 inventing addresses displaces no pinned one") {
    Bridge b;
    auto const quiet = *b.add_port();
    auto const loud = *b.add_port();
    for (u32 i = 0; i < 100; ++i)
        static_cast<void>(b.pin(station(i + 1), quiet));
    for (u32 i = 0; i < 100'000; ++i)
        b.route({station(1000 + i), broadcast}, loud, now);
    for (u32 i = 0; i < 100; ++i)
        REQUIRE(b.route({station(5000), station(i + 1)}, loud, now).port == quiet);
}

TEST_CASE("a station settles behind a port whatever is seen of it, until it moves out") {
    Bridge b;
    auto const card = *b.add_port(Vlans::trunk());
    auto const vif = *b.add_port();
    auto const third = *b.add_port();
    REQUIRE_FALSE(b.settle(station(1), vif, card));
    REQUIRE(b.pin(station(1), vif));
    REQUIRE(b.settle(station(1), vif, card));
    b.route({station(1), broadcast}, vif, now);
    REQUIRE(b.route({station(2), station(1)}, third, now).port == card);
    REQUIRE(b.route({station(2), station(1)}, third, now + 2 * MacTable::lifetime).port == card);
    b.move_out(station(1), vif, card, false);
    REQUIRE(b.route({station(2), station(1)}, third, now).port == vif);
}

TEST_CASE("who knows tags, or is of a network that does not pass the card, does not settle") {
    Bridge b;
    auto const card = *b.add_port(Vlans{});
    auto const tagged = *b.add_port(Vlans{VlanId{7}});
    Vlans both;
    both.add_tagged(VlanId{7});
    auto const trunk = *b.add_port(both);
    REQUIRE((b.pin(station(1), tagged) && b.pin(station(2), trunk)));
    REQUIRE_FALSE(b.settle(station(1), tagged, card));
    REQUIRE_FALSE(b.settle(station(2), trunk, card));
}

TEST_CASE("a station of a network that has tags on the wire settles behind a card that is a trunk") {
    Bridge b;
    auto const card = *b.add_port(Vlans::trunk());
    auto const vif = *b.add_port(Vlans{VlanId{7}});
    auto const same = *b.add_port(Vlans{VlanId{7}});
    auto const other = *b.add_port();
    REQUIRE((b.pin(station(1), vif) && b.settle(station(1), vif, card)));
    REQUIRE(b.route({station(2), station(1)}, same, now).port == card);
    REQUIRE(b.route({station(3), station(1)}, other, now).to == To::all_others);
}

TEST_CASE("what a card brings for a station behind it goes back to the card") {
    Bridge b;
    auto const card = *b.add_port();
    auto const vif = *b.add_port();
    REQUIRE((b.pin(station(1), vif) && b.settle(station(1), vif, card)));
    auto const back = b.route({station(2), station(1)}, card, now);
    REQUIRE(back.to == To::one);
    REQUIRE(back.port == card);
}

TEST_CASE("a broadcast that a card brings back is recognised by its source") {
    Bridge b;
    auto const card = *b.add_port();
    auto const vif = *b.add_port();
    auto const behind = *b.add_port();
    REQUIRE((b.pin(station(1), behind) && b.settle(station(1), behind, card)));
    REQUIRE(b.route({station(2), broadcast}, vif, now).to == To::all_others);
    REQUIRE(b.route({station(2), broadcast}, card, now).to == To::nowhere);
    REQUIRE(b.route({station(1), broadcast}, card, now).to == To::nowhere);
    REQUIRE(b.route({station(3), broadcast}, card, now).to == To::all_others);
    REQUIRE(b.route({station(9), station(2)}, card, now).port == vif);
    // Station 2 has moved to the wire: a frame for one station tells.
    REQUIRE(b.route({station(2), station(9)}, card, now).to == To::nowhere);
    REQUIRE(b.route({station(2), broadcast}, card, now).to == To::all_others);
    b.move_out(station(1), behind, card, false);
    REQUIRE(b.route({station(1), broadcast}, card, now).to == To::all_others);
}

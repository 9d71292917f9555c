// SPDX-License-Identifier: MIT
// One frame among others, followed.
#include "dom0/net/trail/walk.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

#include "drivers/net/pool.hpp"

namespace {

using namespace net::trail;
using bridge::PortId;
using bridge::Route;
using mark::Mark;
using mark::Step;

constexpr PortId card{0}, guest_port{1}, other_port{2};
constexpr u16 guest = 7;
constexpr u32 ring = 256;

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(16));

    nic::PacketRef frame(u16 bytes) {
        auto packet = pool->take();
        packet->length = bytes;
        return packet;
    }
};

Route to(PortId port) {
    return {.to = Route::To::one, .port = port, .network = {}};
}

std::vector<Station> stations(Walk const& walk) {
    std::vector<Station> all;
    for (Stamp const& each : walk.stamps())
        all.push_back(each.station);
    return all;
}

}  // namespace

TEST_CASE("a frame from a card is found in its batch and followed until the guest has looked at it") {
    Setup s;
    Walk walk{{DomId{guest}, guest_port, true}};
    auto const others = s.frame(60), its = s.frame(1514);
    walk.pass({.step = Step::received, .queue = 3, .count = 2, .first = 255}, ring, 10);
    CHECK_FALSE(walk.offer(others, 0, card, to(other_port), 11));
    CHECK(walk.offer(its, 1, card, to(guest_port), 12));
    CHECK_FALSE(walk.offer(others, 2, card, to(guest_port), 13));
    CHECK(walk.packet() == &*its);
    Mark const pushed{.step = Step::rx_pushed, .notified = true, .owner = guest, .count = 4, .first = 100};
    walk.pushed(pushed, 102, 20);
    CHECK_FALSE(walk.done());
    REQUIRE(walk.awaited().size() == 1);
    RingPlace const place = walk.awaited()[0];
    CHECK(place == RingPlace{guest, 0, true, 102});
    walk.seen({guest, 0, false, 102}, 25);
    CHECK_FALSE(walk.done());
    walk.seen(place, 30);
    CHECK(walk.done());
    CHECK(stations(walk) ==
          std::vector{Station::received, Station::decided, Station::rx_pushed, Station::rx_seen});
    Stamp const& first = walk.stamps()[0];
    CHECK((first.at == 10 && first.place == 0 && first.bytes == 1514));  // around the end of the ring
    CHECK_FALSE(its.shared());
}

TEST_CASE("a frame of the guest is followed until the card has sent it and the guest has seen that") {
    Setup s;
    Walk walk{{DomId{guest}, guest_port, false}};
    auto const its = s.frame(60);
    walk.pass({.step = Step::tx_taken, .owner = guest, .count = 3, .first = 40}, 0, 10);
    CHECK(walk.offer(its, 0, guest_port, to(card), 11));
    walk.sent({.step = Step::sent, .queue = 1, .count = 2, .first = 254}, 255, 12);
    CHECK(walk.packet() == nullptr);
    walk.pass({.step = Step::cleaned, .queue = 0, .count = 9, .first = 250}, ring, 13);  // another queue
    walk.pass({.step = Step::cleaned, .queue = 1, .count = 1, .first = 254}, ring, 14);  // up to it
    REQUIRE(stations(walk).size() == 3);
    walk.pass({.step = Step::cleaned, .queue = 1, .count = 2, .first = 255}, ring, 15);
    REQUIRE(stations(walk).back() == Station::cleaned);
    CHECK_FALSE(walk.done());
    walk.seen({guest, 0, false, 42}, 16);
    CHECK(walk.done());
}

TEST_CASE("from one guest to another a walk ends when both have looked") {
    Setup s;
    Walk walk{{DomId{guest}, guest_port, false}};
    auto const its = s.frame(60);
    walk.pass({.step = Step::tx_taken, .owner = guest, .count = 1, .first = 0}, 0, 1);
    CHECK(walk.offer(its, 0, guest_port, to(other_port), 2));
    walk.pushed({.step = Step::rx_pushed, .owner = 9, .count = 1, .first = 5}, 5, 3);
    walk.seen({guest, 0, false, 0}, 4);
    CHECK_FALSE(walk.done());
    walk.seen({9, 0, true, 5}, 5);
    CHECK(walk.done());
    CHECK(stations(walk) == std::vector{Station::tx_taken, Station::decided, Station::rx_pushed,
                                        Station::tx_seen, Station::rx_seen});
}

TEST_CASE("a frame that nobody has any more is lost, and its buffer is not taken for it") {
    Setup s;
    Walk walk{{DomId{guest}, guest_port, true}};
    auto its = s.frame(60);
    CHECK(walk.offer(its, 0, card, to(guest_port), 1));
    CHECK_FALSE(walk.lost());
    its.reset();
    CHECK(walk.lost());
    CHECK(&*s.frame(60) != walk.packet());
}

TEST_CASE("a large frame is not held, for a card cuts only what nobody else holds") {
    Setup s;
    Walk walk{{DomId{guest}, guest_port, false}};
    auto const its = s.frame(4000);
    its->segment_bytes = 1448;
    CHECK(walk.offer(its, 0, guest_port, to(card), 1));
    CHECK_FALSE(its.shared());
    its->length = 3000;  // another frame
    CHECK(walk.packet() == nullptr);
}

TEST_CASE("a card that delivers by itself is followed by what it wrote back") {
    Walk walk{{DomId{guest}, guest_port, true}};
    walk.pass({.step = Step::received, .queue = 2, .count = 1, .first = 17}, ring, 1);
    walk.delivered({.step = Step::rx_pushed, .owner = 9, .count = 1, .first = 30}, 60, 2);  // another guest's
    CHECK_FALSE(walk.chosen());
    walk.delivered({.step = Step::rx_pushed, .owner = guest, .count = 1, .first = 30}, 1514, 3);
    CHECK(stations(walk) == std::vector{Station::received, Station::rx_pushed});
    CHECK(walk.stamps()[1].bytes == 1514);
    walk.seen({guest, 0, true, 30}, 4);
    CHECK(walk.done());
}

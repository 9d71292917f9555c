// SPDX-License-Identifier: MIT
// Turns of guests that send.
#include "dom0/net/switch/shares.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

using bridge::PortId;
using net::Shares;

namespace {

constexpr PortId one{1};
constexpr PortId two{2};

struct Setup {
    Shares shares;
    Nanos now = 1;

    Setup() {
        shares.add(one);
        shares.add(two);
    }
    // Bytes the port gets away in a turn when its frames are so long.
    u64 turn(PortId port, u64 frame) {
        auto const turn = shares.turn(port, now);
        u32 frames = 0;
        u64 bytes = 0;
        for (; frames < turn.frames && bytes < turn.bytes; ++frames)
            bytes += frame;
        shares.took(port, frames, bytes);
        return bytes;
    }
    void compete() {
        turn(one, 60);
        turn(two, 60);
        REQUIRE(shares.contended(now));
        shares.next_cycle();
    }
};

}  // namespace

TEST_CASE("who sends alone has long turns, and a share of each cycle as soon as another sends") {
    Setup s;
    REQUIRE(s.turn(one, 60) == Shares::long_turn * u64{60});
    REQUIRE(s.turn(one, 60) == Shares::long_turn * u64{60});
    s.turn(two, 60);
    REQUIRE(s.turn(one, 60) == Shares::share_frames * u64{60});
    s.now += 2 * Shares::memory;
    REQUIRE(s.turn(one, 60) == Shares::long_turn * u64{60});
}

TEST_CASE("a share is used up in one turn or in many") {
    Setup s;
    s.compete();
    for (u32 i = 0; i < Shares::share_frames; ++i) {
        REQUIRE(s.shares.turn(one, s.now));
        s.shares.took(one, 1, 60);
    }
    REQUIRE_FALSE(s.shares.turn(one, s.now));
    bridge::PortSet both;
    both.add(one);
    both.add(two);
    auto const left = s.shares.with_turn(both, s.now);
    REQUIRE(left.has(two));
    REQUIRE_FALSE(left.has(one));
    s.shares.next_cycle();
    REQUIRE(s.shares.turn(one, s.now).frames == Shares::share_frames);
}

TEST_CASE("a port with nothing to send is no rival") {
    Setup s;
    s.turn(one, 60);
    s.shares.took(two, 0, 0);
    REQUIRE_FALSE(s.shares.contended(s.now));
}

TEST_CASE("two that send little do not disturb each other") {
    Setup s;
    for (int i = 0; i < 100; ++i) {
        s.shares.took(one, 1, 60);
        s.shares.took(two, 1, 60);
    }
    REQUIRE_FALSE(s.shares.contended(s.now));
}

TEST_CASE("a card has long turns beside whomever") {
    Setup s;
    s.compete();
    REQUIRE(s.turn(PortId{3}, 60) == Shares::long_turn * u64{60});
}

TEST_CASE("a port that is gone is no rival") {
    Setup s;
    s.compete();
    s.shares.remove(two);
    s.now += 2 * Shares::memory;
    s.turn(one, 60);
    REQUIRE_FALSE(s.shares.contended(s.now));
}

TEST_CASE("NB-13 beside long frames, short ones get as many through and large ones no more bytes") {
    CHECK(rc::check([] {
        Setup s;
        auto const large = *rc::gen::inRange<u64>(1514, 65'536);
        s.compete();
        u64 sent_one = 0;
        u64 sent_two = 0;
        for (unsigned i = 0; i < 1000; ++i) {
            sent_one += s.turn(one, 1514);
            sent_two += s.turn(two, large);
            s.shares.next_cycle();
        }
        RC_ASSERT(sent_one == 1000 * static_cast<u64>(Shares::share_bytes));
        RC_ASSERT(sent_two <= sent_one + large);
    }));
}

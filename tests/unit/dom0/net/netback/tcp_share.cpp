// SPDX-License-Identifier: MIT
// When a guest's traffic counts as TCP.
#include "dom0/net/netback/tcp_share.hpp"

#include <catch2/catch_test_macros.hpp>

using netback::TcpShare;

namespace {

// A guest receives so many frames, one of `one_in` being a segment; how often
// the verdict changes.
struct Guest {
    u64 frames = 1'000'000;
    u64 segments = 999'000;
    TcpShare share{frames, segments};

    u32 receive(u64 count, u64 one_in) {
        u32 changes = 0;
        for (u64 i = 0; i < count; ++i) {
            ++frames;
            segments += one_in != 0 && i % one_in == 0 ? 1 : 0;
            changes += share.look(frames, segments) ? 1 : 0;
        }
        return changes;
    }
};

}  // namespace

TEST_CASE("what was received before is nobody's traffic of late") {
    Guest guest;
    REQUIRE(guest.receive(TcpShare::for_much, 0) == 0);
    REQUIRE_FALSE(guest.share.much());
}

TEST_CASE("bulk TCP is noticed soon, and that it is over late") {
    Guest guest;
    REQUIRE(guest.receive(TcpShare::for_much, 1) == 1);
    REQUIRE(guest.share.much());
    REQUIRE(guest.receive(TcpShare::for_little - 1, 0) == 0);
    REQUIRE(guest.receive(1, 0) == 1);
    REQUIRE_FALSE(guest.share.much());
}

TEST_CASE("a mixture leads to one verdict, and not to and fro") {
    for (u64 const one_in : {3, 5, 7, 20}) {
        Guest guest;
        guest.receive(TcpShare::for_much, 1);
        REQUIRE(guest.receive(20 * TcpShare::for_little, one_in) <= 1);
        REQUIRE(guest.receive(20 * TcpShare::for_little, one_in) == 0);
    }
}

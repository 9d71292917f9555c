// SPDX-License-Identifier: MIT
// Steering by connection.
#include "dom0/net/frame/flow.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <set>

#include "tests/host/net/tcp_frame.hpp"

TEST_CASE("all frames of a connection hash alike, whatever else is in them") {
    for (bool v6 : {false, true})
        REQUIRE(frame::flow_hash(tcp_frame::make(10, v6, 1)) ==
                frame::flow_hash(tcp_frame::make(900, v6, 77)));
}

TEST_CASE("connections that differ in one port spread over four queues") {
    for (bool v6 : {false, true}) {
        std::array<unsigned, 4> taken{};
        for (u32 port = 40'000; port < 40'100; ++port) {
            auto frame = tcp_frame::make(0, v6);
            tcp_frame::put16(frame, tcp_frame::ip_at + tcp_frame::ip_bytes(v6), port);
            ++taken[frame::flow_hash(frame) % 4];
        }
        for (unsigned count : taken)
            REQUIRE(count >= 10);
    }
}

TEST_CASE("the pieces of a datagram go together though only the first has ports") {
    auto first = tcp_frame::make(100);
    tcp_frame::put16(first, tcp_frame::ip_at + 6, 0x2000);
    auto later = tcp_frame::make(100);
    tcp_frame::put16(later, tcp_frame::ip_at + 6, 0x0010);
    tcp_frame::put16(later, tcp_frame::ip_at + 20, 0x1234);
    REQUIRE(frame::flow_hash(first) == frame::flow_hash(later));
}

TEST_CASE("NB-11 frames of any bytes and length are hashed without leaving them") {
    CHECK(rc::check([](std::vector<u8> tail, u8 kind) {
        std::vector<u8> bytes(12, 0);
        u16 const type = kind % 3 == 0 ? 0x0800 : kind % 3 == 1 ? 0x86dd : 0x8100;
        bytes.push_back(static_cast<u8>(type >> 8));
        bytes.push_back(static_cast<u8>(type));
        bytes.insert(bytes.end(), tail.begin(), tail.end());
        frame::flow_hash(std::as_bytes(std::span{bytes}));
    }));
}

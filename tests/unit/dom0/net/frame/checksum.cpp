// SPDX-License-Identifier: MIT
// Finding headers in frames from guests, and completing checksums.
#include "dom0/net/frame/checksum.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <vector>

#include "dom0/net/frame/layers.hpp"

namespace {

using Frame = std::vector<u8>;

// UDP over IPv4, 8 bytes of payload; the checksum holds the pseudo header's.
Frame udp_frame() {
    return {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,    0,    0, 0,  0, 1, 8, 0,  0x45, 0, 0,
            36,   0,    0,    0,    0,    64,   17,   0,    0, 10, 0, 0, 1, 10, 0,    0, 2,
            0,    7,    0,    7,    0,    16,   0x14, 0x24, 1, 2,  3, 4, 5, 6,  7,    8};
}

std::optional<nic::Layers> layers_of(Frame const& frame) {
    return frame::find_layers(std::as_bytes(std::span{frame}), static_cast<u32>(frame.size()));
}

}  // namespace

TEST_CASE("a blank checksum is completed so that the receiver's sum is right") {
    auto bytes = udp_frame();
    nic::Packet packet;
    packet.data = reinterpret_cast<std::byte*>(bytes.data());
    packet.length = static_cast<u16>(bytes.size());
    packet.checksum = nic::Checksum::blank;
    packet.layers = layers_of(bytes).value();
    frame::complete_checksum(packet);
    u32 sum = 0x1424;  // pseudo header: 10.0.0.1, 10.0.0.2, 17, 16
    for (usize i = 34; i < bytes.size(); i += 2)
        sum += u32{bytes[i]} << 8 | bytes[i + 1];
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    REQUIRE(sum == 0xffff);
    REQUIRE(packet.checksum == nic::Checksum::valid);
}

TEST_CASE("NB-11 headers that leave the frame are not found") {
    auto const whole = udp_frame();
    REQUIRE(layers_of(whole));
    for (usize length = 0; length < whole.size(); ++length)
        REQUIRE_FALSE(layers_of(Frame(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))));
    auto fragment = whole;
    fragment[20] = 0x20;
    REQUIRE_FALSE(layers_of(fragment));
    auto short_ip = whole;
    short_ip[17] = 27;  // ends before the checksum field does
    REQUIRE_FALSE(layers_of(short_ip));
}

TEST_CASE("NB-11 whatever the frame, a place that is found lies inside it") {
    CHECK(rc::check([](std::vector<u8> tail, bool v6) {
        Frame frame(12, 0);
        u16 const type = v6 ? 0x86dd : 0x0800;
        frame.push_back(static_cast<u8>(type >> 8));
        frame.push_back(static_cast<u8>(type));
        frame.insert(frame.end(), tail.begin(), tail.end());
        if (auto const found = layers_of(frame))
            RC_ASSERT(usize{found->checksum_start()} + found->checksum_offset() + 2U <= frame.size());
    }));
}

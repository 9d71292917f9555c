// SPDX-License-Identifier: MIT
// Tags put on and taken off.
#include "dom0/net/frame/vlan.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "dom0/net/frame/layers.hpp"
#include "tests/host/net/tcp_frame.hpp"

using frame::VlanId;

namespace {

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(200));

    nic::PacketRef packet(u32 payload) {
        auto packet = tcp_frame::packet_of(tcp_frame::make(payload), *pool);
        packet->layers = frame::find_layers(packet->head(), packet->total()).value();
        packet->checksum = nic::Checksum::blank;
        return packet;
    }
};

tcp_frame::Frame tagged(tcp_frame::Frame frame, u16 id) {
    std::array<std::byte, 4> const tag{std::byte{0x81}, std::byte{0}, std::byte{static_cast<u8>(id >> 8)},
                                       std::byte{static_cast<u8>(id)}};
    frame.insert(frame.begin() + 12, tag.begin(), tag.end());
    return frame;
}

}  // namespace

TEST_CASE("a tag goes on, is changed, and comes off, whatever the frame's length") {
    CHECK(rc::check([] {
        Setup s;
        auto const payload = *rc::gen::inRange<u32>(0, 60'000);
        auto const id = *rc::gen::inRange<u16>(1, 4095);
        auto const plain = tcp_frame::make(payload);
        auto packet = s.packet(payload);
        for (u16 const wanted : {id, static_cast<u16>(4095 - id)}) {
            RC_ASSERT(frame::set_tag(packet, VlanId{wanted}, *s.pool));
            RC_ASSERT(tcp_frame::bytes_of(*packet) == tagged(plain, wanted));
            RC_ASSERT(frame::tag_of(packet->head()) == VlanId{wanted});
            RC_ASSERT(packet->layers == frame::find_layers(packet->head(), packet->total()));
        }
        RC_ASSERT(frame::set_tag(packet, std::nullopt, *s.pool));
        RC_ASSERT(tcp_frame::bytes_of(*packet) == plain);
        RC_ASSERT(packet->layers == frame::find_layers(packet->head(), packet->total()));
        packet.reset();
        RC_ASSERT(s.pool->free() == s.pool->size());
    }));
}

TEST_CASE("who shares a frame does not see it change") {
    Setup s;
    auto mine = s.packet(300);
    auto theirs = mine.share();
    REQUIRE(frame::set_tag(mine, VlanId{7}, *s.pool));
    REQUIRE(tcp_frame::bytes_of(*theirs) == tcp_frame::make(300));
    auto const also_mine = mine.share();
    REQUIRE(frame::set_tag(mine, std::nullopt, *s.pool));
    REQUIRE(frame::tag_of(also_mine->head()) == VlanId{7});
}

TEST_CASE("without a buffer for the copy there is no frame") {
    Setup s;
    auto packet = s.packet(300);
    std::vector<nic::PacketRef> all;
    while (auto more = s.pool->take())
        all.push_back(std::move(more));
    REQUIRE_FALSE(frame::set_tag(packet, VlanId{7}, *s.pool));
}

TEST_CASE("NB-11 a tag that hides behind one of priority belongs to nobody") {
    auto const hidden = tagged(tagged(tcp_frame::make(10), 5), 0);
    REQUIRE(frame::tag_of(hidden) == bridge::reserved_vlan);
    REQUIRE(frame::tag_of(tagged(tcp_frame::make(10), 0)) == VlanId{0});
    REQUIRE(frame::tag_of(std::span{hidden}.first(14)) == std::nullopt);
}

TEST_CASE("a buffer used again begins at its beginning") {
    Setup s;
    for (int i = 0; i < 3; ++i) {
        auto packet = s.packet(100);
        REQUIRE(packet->headroom() == 0);
        REQUIRE(frame::set_tag(packet, VlanId{7}, *s.pool));
        REQUIRE(frame::set_tag(packet, std::nullopt, *s.pool));
        REQUIRE(packet->headroom() != 0);
    }
}

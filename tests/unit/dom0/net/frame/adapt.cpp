// SPDX-License-Identifier: MIT
// What takers of different abilities get of the same frame.
#include "dom0/net/frame/adapt.hpp"

#include <catch2/catch_test_macros.hpp>

#include "dom0/net/frame/layers.hpp"
#include "tests/host/net/tcp_frame.hpp"

namespace {

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(200));
    std::vector<nic::PacketRef> taken;

    nic::PacketRef packet(u32 payload, u16 segment, bool v6 = false) {
        auto packet = tcp_frame::packet_of(tcp_frame::make(payload, v6), *pool);
        packet->layers = frame::find_layers(packet->head(), packet->total()).value();
        packet->checksum = nic::Checksum::blank;
        packet->segment_bytes = segment;
        return packet;
    }
    std::optional<frame::Misfit> give(nic::PacketRef packet, frame::Takes const& takes) {
        return frame::adapt(std::move(packet), takes, *pool,
                            [this](nic::PacketRef frame) { taken.push_back(std::move(frame)); });
    }
};

}  // namespace

TEST_CASE("who takes large frames gets them whole") {
    Setup s;
    REQUIRE_FALSE(s.give(s.packet(20'000, 1448), {.blank = {true, false}, .large = {true, false}}));
    REQUIRE(s.taken.size() == 1);
    REQUIRE(s.taken[0]->is_large());
    REQUIRE(s.taken[0]->checksum == nic::Checksum::blank);
}

TEST_CASE("who takes them over one network only gets the other's cut, with checksums") {
    Setup s;
    REQUIRE_FALSE(s.give(s.packet(20'000, 1428, true), {.blank = {true, false}, .large = {true, false}}));
    REQUIRE(s.taken.size() == 15);
    for (auto const& frame : s.taken) {
        REQUIRE_FALSE(frame->is_large());
        REQUIRE(frame->checksum == nic::Checksum::valid);
    }
}

TEST_CASE("a blank checksum stays blank for who completes it") {
    Setup s;
    REQUIRE_FALSE(s.give(s.packet(3000, 1448), {.blank = {true, true}, .large = {}}));
    REQUIRE(s.taken.size() == 3);
    REQUIRE(s.taken[0]->checksum == nic::Checksum::blank);
}

TEST_CASE("NB-11 what is longer than the taker takes is not given, cut or not") {
    Setup s;
    REQUIRE(s.give(s.packet(1500, 0), {}) == frame::Misfit::too_long);
    REQUIRE(s.give(s.packet(8000, 1500), {}) == frame::Misfit::too_long);
    REQUIRE(s.taken.empty());
    REQUIRE(s.pool->free() == s.pool->size());
    REQUIRE_FALSE(s.give(s.packet(8000, 0), {.max_frame = nic::largest_frame, .blank = {}, .large = {}}));
}

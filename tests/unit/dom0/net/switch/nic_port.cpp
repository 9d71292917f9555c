// SPDX-License-Identifier: MIT
// What a card gets to send.
#include "dom0/net/switch/nic_port.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>

#include "dom0/net/frame/layers.hpp"
#include "drivers/io/clock.hpp"
#include "tests/host/net/card.hpp"
#include "tests/host/net/tcp_frame.hpp"

namespace {

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(200));
    devices::Card* card = nullptr;
    std::unique_ptr<net::NicPort> port;

    void enqueue(nic::PacketRef packet) const { port->enqueue(std::span{&packet, 1}); }

    explicit Setup(nic::Offload can, u16 pairs = 1) {
        auto owned = std::make_unique<devices::Card>(*pool);
        card = owned.get();
        card->can = can;
        card->pairs = pairs;
        port = std::make_unique<net::NicPort>(std::move(owned), *pool);
    }
    nic::PacketRef packet(u32 payload, u16 segment) {
        auto packet = tcp_frame::packet_of(tcp_frame::make(payload), *pool);
        packet->layers = frame::find_layers(packet->head(), packet->total()).value();
        packet->checksum = nic::Checksum::blank;
        frame::put_checksum(*packet, frame::pseudo_header_sum(*packet, payload + 20));
        packet->segment_bytes = segment;
        return packet;
    }
};

}  // namespace

TEST_CASE("a card that cuts gets a large frame whole, unless somebody else holds it too") {
    Setup s{{.checksum = true, .segmentation = true}};
    s.enqueue(s.packet(5000, 1448));
    s.port->flush(1);
    REQUIRE(s.card->sent.size() == 1);
    auto const held = s.packet(5000, 1448);
    s.enqueue(held.share());
    s.port->flush(1);
    REQUIRE(s.card->sent.size() == 1 + 4);
}

TEST_CASE("a card without offload gets frames that are ready for the wire") {
    Setup s{{}};
    s.enqueue(s.packet(5000, 1448));
    s.port->flush(1);
    REQUIRE(s.card->sent.size() == 4);
    for (auto const& frame : s.card->sent)
        REQUIRE(tcp_frame::transport_sum(frame, false) == 0xffff);
}

TEST_CASE("NB-12 a short frame is padded with zeros after its checksum was completed") {
    Setup s{{.checksum = true, .segmentation = true}};
    auto dirty = s.pool->take();
    std::fill_n(dirty->data, nic::buffer_bytes, std::byte{0xee});
    dirty.reset();  // its buffer is the next to be used
    s.enqueue(s.packet(2, 0));
    s.port->flush(1);
    auto const& frame = s.card->sent.at(0);
    REQUIRE(frame.size() == nic::min_frame);
    REQUIRE(tcp_frame::transport_sum(frame, false) == 0xffff);
    for (usize i = 56; i < frame.size(); ++i)
        REQUIRE(frame[i] == std::byte{0});
}

TEST_CASE("NB-11 a frame longer than the wire takes is counted and goes nowhere") {
    Setup s{{.checksum = true, .segmentation = true}};
    s.enqueue(s.packet(1600, 0));
    s.port->flush(1);
    REQUIRE(s.card->sent.empty());
    REQUIRE(s.port->overruns() == 1);
}

TEST_CASE("a large frame from a card is looked into before it goes on") {
    Setup s{{}};
    std::array<nic::PacketRef, 5> into;
    s.card->checksum = nic::Checksum::blank;
    s.card->segment_bytes = 1448;
    s.card->wire(tcp_frame::make(5000));
    REQUIRE(s.port->poll(into, 1 << 20, 1).packets == 1);
    REQUIRE(into[0]->layers.header_bytes() == 54);
    s.enqueue(std::move(into[0]));
    s.port->flush(1);
    REQUIRE(s.card->sent.size() == 4);
    for (auto const& frame : s.card->sent)
        REQUIRE(tcp_frame::transport_sum(frame, false) == 0xffff);
}

TEST_CASE("ND-1 an unfinished frame that nobody can finish is dropped, those around it are not") {
    Setup s{{}};
    std::array<nic::PacketRef, 5> into;
    s.card->wire(tcp_frame::make(10));
    s.card->checksum = nic::Checksum::blank;
    s.card->wire(std::vector<std::byte>(100));
    s.card->wire(tcp_frame::make(20));
    s.card->segment_bytes = 100;
    s.card->wire(tcp_frame::make(0));
    s.card->wire(tcp_frame::make(200));
    REQUIRE(s.port->poll(into, 1 << 20, 1).packets == 3);
    REQUIRE(s.port->flawed() == 2);
    REQUIRE(into[0]->total() == 64);
    REQUIRE(into[1]->total() == 74);
    REQUIRE(into[2]->total() == 254);
    REQUIRE_FALSE(into[3]);
    REQUIRE_FALSE(into[4]);
}

TEST_CASE("frames that a card has no room for wait, in their order") {
    Setup s{{.checksum = true, .segmentation = true}};
    s.card->room = 0;
    for (u16 payload : {u16{10}, u16{20}, u16{30}})
        s.enqueue(s.packet(payload, 0));
    REQUIRE_FALSE(s.port->flush(1));
    s.card->room = 1;
    REQUIRE(s.port->flush(1));
    s.card->room = 2;
    REQUIRE_FALSE(s.port->flush(1));
    REQUIRE(s.card->sent.size() == 3);
    for (usize i = 1; i < 3; ++i)
        REQUIRE(s.card->sent[i].size() == s.card->sent[i - 1].size() + 10);
}

TEST_CASE("queues of a card take turns, so that a full one does not keep another waiting") {
    Setup s{{}, 3};
    for (unsigned i = 0; i < 20; ++i)
        s.card->wire(tcp_frame::make(100), 0);
    s.card->wire(tcp_frame::make(200), 1);
    s.card->wire(tcp_frame::make(300), 2);
    std::array<nic::PacketRef, 4> into;
    std::vector<u32> got;
    for (unsigned polls = 0; polls < 3; ++polls) {
        REQUIRE(s.port->poll(into, 1 << 20, 1).more);
        for (nic::PacketRef& packet : into) {
            got.push_back(packet->total());
            packet.reset();
        }
    }
    REQUIRE(std::ranges::count(got, 254) == 1);
    REQUIRE(std::ranges::count(got, 354) == 1);
    REQUIRE(s.port->arm());
}

TEST_CASE("all frames of a connection leave a card by one of its queues, in order") {
    Setup s{{.checksum = true, .segmentation = true}, 2};
    constexpr usize source_port = 34;
    for (u16 i = 0; i < 40; ++i) {
        auto packet = s.packet(static_cast<u16>(100 + i), 0);
        packet->data[source_port + 1] = std::byte{static_cast<u8>(i % 8)};
        s.enqueue(std::move(packet));
    }
    s.port->flush(1);
    REQUIRE(s.card->sent.size() == 40);
    std::map<std::byte, std::pair<u16, usize>> known;  // its queue and last length
    for (usize i = 0; i < 40; ++i) {
        auto const& frame = s.card->sent[i];
        auto const [seen, fresh] =
            known.emplace(frame[source_port + 1], std::pair{s.card->sent_by[i], usize{0}});
        REQUIRE(seen->second.first == s.card->sent_by[i]);
        REQUIRE(seen->second.second < frame.size());
        seen->second.second = frame.size();
    }
    REQUIRE(std::ranges::count(s.card->sent_by, 0) > 0);
    REQUIRE(std::ranges::count(s.card->sent_by, 1) > 0);
}

TEST_CASE("a card whose interrupt got lost is polled a while after the next tick, and that is counted") {
    Setup s{{}};
    std::array<nic::PacketRef, 5> into;
    REQUIRE_FALSE(s.port->arm());
    REQUIRE(s.port->tick(io::now()) == 0);
    s.card->wire(tcp_frame::make(100));
    Nanos const until = s.port->tick(io::now());
    REQUIRE(until > io::now());
    auto const early = s.port->poll(into, 1 << 20, until - 1);
    REQUIRE(early.packets == 0);
    REQUIRE(early.retry_at == until);
    REQUIRE(s.port->missed_interrupts() == 0);
    REQUIRE(s.port->poll(into, 1 << 20, until).packets == 1);
    REQUIRE(s.port->missed_interrupts() == 1);
    REQUIRE(s.port->interrupts() == 0);
    REQUIRE(s.port->tick(io::now()) == 0);
}

TEST_CASE("an interrupt that was on its way at the tick is not missed") {
    Setup s{{}};
    std::array<nic::PacketRef, 5> into;
    REQUIRE_FALSE(s.port->arm());
    s.card->wire(tcp_frame::make(100));
    Nanos const until = s.port->tick(io::now());
    s.port->told();
    REQUIRE(s.port->poll(into, 1 << 20, until - 1).packets == 1);
    REQUIRE(s.port->missed_interrupts() == 0);
    REQUIRE(s.port->interrupts() == 1);
}

TEST_CASE("a card that was not asked for an interrupt, or has told and was not polled yet, misses none") {
    Setup s{{}};
    s.card->wire(tcp_frame::make(100));
    REQUIRE(s.port->tick(io::now()) == 0);
    std::array<nic::PacketRef, 5> into;
    REQUIRE(s.port->poll(into, 1 << 20, 1).packets == 1);
    REQUIRE_FALSE(s.port->arm());
    s.card->wire(tcp_frame::make(100));
    s.port->told();
    REQUIRE(s.port->tick(io::now()) == 0);
}

// SPDX-License-Identifier: MIT
// What own_queue.hpp promises, of the card in memory that other tests rely on.
#include "drivers/net/own_queue.hpp"

#include <catch2/catch_test_macros.hpp>

#include "drivers/io/dma.hpp"
#include "tests/host/net/card.hpp"

using nic::Filled;

namespace {

constexpr nic::Mac everybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
constexpr nic::Mac station{{2, 0, 0, 0, 0, 7}};
constexpr nic::Mac other{{2, 0, 0, 0, 0, 8}};

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(20));
    devices::Card card{*pool};
    io::DmaMemory memory = *io::DmaMemory::allocate(4 * page_size);
    unsigned wakes = 0;
    std::unique_ptr<nic::OwnQueue> queue = *card.own_queue({station, 9000}, [this] { ++wakes; });
    std::array<Filled, 8> into;
    std::array<nic::PacketRef, 8> packets;

    void post(unsigned first, unsigned count) {
        for (unsigned i = first; i < first + count; ++i)
            queue->post(std::array{memory.maddr() + i * page_size});
    }
    static std::vector<std::byte> frame(nic::Mac to, usize length = 60) {
        std::vector<std::byte> frame(length, std::byte{0xab});
        std::memcpy(frame.data(), to.octets.data(), to.octets.size());
        return frame;
    }
};

}  // namespace

TEST_CASE("frames come to the own queue from the moment it is steered to until it retires") {
    Setup s;
    s.post(0, 3);
    s.card.wire(s.frame(station));
    REQUIRE(s.card.receive(0, s.packets) == 1);
    s.queue->steer();
    REQUIRE_FALSE(s.queue->arm());
    s.card.wire(s.frame(station));
    REQUIRE(s.wakes == 1);
    s.card.wire(s.frame(station, 70));
    REQUIRE(s.card.receive(0, s.packets) == 0);
    REQUIRE(s.queue->retire() == 1U);
    s.card.wire(s.frame(station));
    REQUIRE(s.card.receive(0, s.packets) == 1);
    REQUIRE(s.queue->completed(s.into) == 2);
    REQUIRE(s.into[1] == Filled{70, true, nic::Checksum::unknown});
    REQUIRE(s.memory.bytes()[page_size + 69] == std::byte{0xab});
}

TEST_CASE("a frame of several pages is told whole") {
    Setup s;
    s.post(0, 4);
    s.queue->steer();
    s.card.wire(s.frame(station));
    s.card.wire(s.frame(station, 9000));
    REQUIRE(s.queue->completed(std::span{s.into}.first(3)) == 1);
    REQUIRE(s.queue->completed(std::span{s.into}.first(3)) == 3);
    REQUIRE(s.into[2] == Filled{9000 - 8192, true, nic::Checksum::unknown});
}

TEST_CASE("broadcasts reach the common queue and every own one but that of the sender") {
    Setup s;
    auto second = *s.card.own_queue({other, 1518}, [] {});
    s.post(0, 2);
    s.queue->steer();
    second->steer();
    second->post(std::array{s.memory.maddr() + 3 * page_size});
    auto packet = s.pool->take();
    packet->length = 60;
    std::memcpy(packet->data, everybody.octets.data(), 6);
    std::array out{std::move(packet)};
    REQUIRE(second->transmit(out) == 1);
    REQUIRE(s.card.sent.size() == 1);
    REQUIRE(s.card.receive(0, s.packets) == 1);
    REQUIRE(s.queue->completed(s.into) == 1);
    REQUIRE(second->completed(s.into) == 0);
}

TEST_CASE("what the common queue sends to a station comes to its own queue, not to the wire") {
    Setup s;
    s.post(0, 1);
    s.queue->steer();
    s.packets[0] = s.pool->take();
    s.packets[0]->length = 60;
    std::memcpy(s.packets[0]->data, station.octets.data(), 6);
    REQUIRE(s.card.transmit(0, std::span{s.packets}.first(1)) == 1);
    REQUIRE(s.card.sent.empty());
    REQUIRE(s.queue->completed(s.into) == 1);
}

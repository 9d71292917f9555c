// SPDX-License-Identifier: MIT
// What is the 82576's own, against a model that is honest, lies, hangs or vanishes.
// What every driver does is tested in every_card.cpp.
#include "drivers/net/igb/device.hpp"

#include <catch2/catch_test_macros.hpp>

#include "drivers/net/igb/igb.hpp"
#include "tests/host/net/igb.hpp"
#include "tests/host/net/pci_space.hpp"

using namespace nic;

namespace {

constexpr u64 done = 3;  // DD and EOP

struct Setup {
    explicit Setup(devices::PciSpace space = devices::PciSpace::with_igb())
        : pci{devices::pci_space() = std::move(space)} {}

    devices::PciSpace& pci;
    devices::Igb chip;
    std::unique_ptr<PacketPool> pool = std::move(*PacketPool::create(1000));
    std::unique_ptr<Nic> card = std::move(*igb::probe(pci::Function{{0, 2, 0}}, *pool, [](u16) {}));
    usize idle = pool->free();
    std::array<PacketRef, 32> into;

    bool wire(u8 fill, usize length = 100, u64 status = done) {
        return chip.receive(std::vector<std::byte>(length, std::byte{fill}), status);
    }
    PacketRef packet(u16 length) {
        auto packet = pool->take();
        packet->length = length;
        return packet;
    }
};

}  // namespace

TEST_CASE("ND-1 lengths, errors and pieces that make no sense are dropped and the buffer reused") {
    Setup s;
    for (u64 high :
         {done | u64{0xffff} << 32, done | u64{4097} << 32, done, done | u64{1} << 31 | u64{60} << 32,
          u64{1} | u64{100} << 32 /* no end, but room left */, done | u64{60} << 32 /* the end of that */})
        s.chip.write_back(high);
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.card->counters().rx_bad == 5);
    REQUIRE(s.pool->free() == s.idle);
    REQUIRE(s.wire(7));
    REQUIRE(s.card->receive(0, s.into) == 1);
}

TEST_CASE("ND-1 a chip that says all is done gets one batch at a time") {
    Setup s;
    for (unsigned i = 0; i < 255; ++i)
        s.chip.write_back(done | u64{60} << 32);
    REQUIRE(s.card->receive(0, s.into) == s.into.size());
}

TEST_CASE("the chip is told where headers are only when that changes") {
    Setup s;
    for (u8 network : {u8{20}, u8{20}, u8{40}}) {
        std::array<PacketRef, 1> out{s.packet(100)};
        out[0]->checksum = Checksum::blank;
        out[0]->layers = {14, network, 20, Network::ipv4, Transport::tcp};
        REQUIRE(s.card->transmit(0, out) == 1);
    }
    REQUIRE(s.chip.contexts.size() == 2);
    REQUIRE(s.chip.sent.size() == 3);
}

TEST_CASE("a frame longer than a buffer comes in as many as it needs") {
    Setup s;
    std::vector<std::byte> const full(4096, std::byte{1});
    REQUIRE(s.chip.receive(full, 1));
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.chip.receive(full, 1));
    REQUIRE(s.wire(2, 808));
    REQUIRE(s.card->receive(0, s.into) == 1);
    REQUIRE(s.into[0]->total() == 9000);
    REQUIRE(s.into[0]->buffers() == 3);
    REQUIRE(s.into[0]->last().data[807] == std::byte{2});
    s.into[0].reset();
    REQUIRE(s.pool->free() == s.idle);
}

TEST_CASE("ND-1 a frame longer than the chip may take is dropped to its end") {
    Setup s;
    for (unsigned i = 0; i < 4; ++i)
        s.chip.write_back(u64{1} | u64{4096} << 32);
    s.chip.write_back(done | u64{60} << 32);
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.card->counters().rx_bad == 1);
    REQUIRE(s.pool->free() == s.idle);
}

TEST_CASE("the chip is told how to cut a large packet and gets headers without lengths") {
    Setup s;
    std::array<PacketRef, 1> out{s.packet(4096)};
    out[0]->append(s.packet(904));
    Packet& large = *out[0];
    large.layers = {14, 20, 32, Network::ipv4, Transport::tcp};
    large.checksum = Checksum::blank;
    large.segment_bytes = 1448;
    std::fill_n(large.data + 14, 52, std::byte{0});
    large.data[16] = std::byte{0x12};  // of the IP packet's length
    large.data[24] = std::byte{0x34};  // of its checksum
    // The sum of a pseudo header whose only part is the length, 4966.
    large.data[50] = std::byte{4966 >> 8};
    large.data[51] = std::byte{4966 & 0xff};
    REQUIRE(s.card->transmit(0, out) == 1);
    REQUIRE(s.chip.contexts.size() == 1);
    io::Bits<igb::TxContext> const context{s.chip.contexts[0].high};
    REQUIRE(igb::TxContext::MSS::in(context) == 1448);
    REQUIRE(igb::TxContext::L4LEN::in(context) == 32);
    io::Bits<intel::TxData> const command{s.chip.commands[0]};
    REQUIRE(igb::TxData::TSE::in(command) == 1);
    REQUIRE(igb::TxData::IXSM::in(command) == 1);
    REQUIRE(igb::TxData::PAYLEN::in(command) == 5000 - 66);
    auto const& sent = s.chip.sent[0];
    REQUIRE(sent[16] == std::byte{0});
    REQUIRE(sent[24] == std::byte{0});
    REQUIRE((sent[50] == std::byte{0xff} && sent[51] == std::byte{0xff}));  // zero in ones' complement
}

TEST_CASE("every queue interrupts by a vector of its own, and not without end") {
    Setup s;
    for (u16 pool = 0; pool <= s.card->own_queues(); ++pool) {
        io::Bits<igb::IVAR> const entry{s.chip.reg(igb::IVAR::offset_of(pool))};
        REQUIRE(igb::IVAR::RX_LOW::in(entry) == pool);
        REQUIRE(igb::IVAR::TX_LOW::in(entry) == pool);
        REQUIRE(igb::EITR::INTERVAL::in({s.chip.reg(igb::EITR::offset_of(pool))}) != 0);
    }
}

TEST_CASE("connections are spread over the two queues of the common pool") {
    Setup s;
    REQUIRE(s.card->queues() == 2);
    for (u8 port = 0; port < 20; ++port) {
        std::vector<std::byte> frame(60);
        frame[12] = std::byte{8};
        frame[35] = std::byte{port};
        s.chip.wire(frame);
    }
    for (u16 queue : {u16{0}, u16{1}}) {
        REQUIRE(s.card->arm(queue));
        REQUIRE(s.card->receive(queue, s.into) == 10);
        REQUIRE_FALSE(s.card->arm(queue));
    }
    REQUIRE(s.card->counters().rx_packets == 20);
}

TEST_CASE("the second queue of the common pool sends, too, and is filled again after a reset") {
    Setup s;
    std::array<PacketRef, 1> out{s.packet(60)};
    REQUIRE(s.card->transmit(1, out) == 1);
    REQUIRE(s.chip.sent.size() == 1);
    s.card->ask_reset();
    s.card->tick(0);
    REQUIRE(s.pool->free() == s.idle);
    REQUIRE(s.chip.receive(std::vector<std::byte>(60), done, igb::pool_count));
    REQUIRE(s.card->receive(1, s.into) == 1);
}

TEST_CASE("QEMU's model, which does not spread, is polled at one queue") {
    Setup s{devices::PciSpace::with_emulated_igb()};
    REQUIRE(s.card->queues() == 1);
}

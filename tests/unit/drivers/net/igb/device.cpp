// SPDX-License-Identifier: MIT
// The 82576 driver against a model that is honest, lies, hangs or vanishes.
#include "drivers/net/igb/device.hpp"

#include <catch2/catch_test_macros.hpp>

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/igb.hpp"
#include "tests/host/net/igb.hpp"
#include "tests/host/net/pci_space.hpp"

using namespace nic;

namespace {

constexpr u64 done = 3;  // DD and EOP

struct Setup {
    devices::PciSpace& pci = devices::pci_space() = devices::PciSpace::with_igb();
    devices::Igb chip;
    std::unique_ptr<PacketPool> pool = std::move(*PacketPool::create(600));
    std::unique_ptr<Nic> card = std::move(*igb::probe(pci::Function{{0, 2, 0}}, *pool, [](u16) {}));
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

TEST_CASE("the card comes up with its address and a full receive ring") {
    Setup s;
    REQUIRE(s.card->mac() == Mac{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}});
    REQUIRE(s.pool->free() == s.pool->size() - 256);
    s.card->tick(io::now());
    REQUIRE(s.card->link_up());
}

TEST_CASE("ND-4 every posted buffer completes exactly once over many laps of the ring") {
    Setup s;
    for (unsigned i = 0; i < 2000; ++i) {
        REQUIRE(s.wire(static_cast<u8>(i)));
        REQUIRE(s.card->receive(0, s.into) == 1);
        REQUIRE(s.into[0]->length == 100);
        REQUIRE(s.into[0]->data[99] == std::byte{static_cast<u8>(i)});
        s.into[0].reset();
        REQUIRE(s.pool->free() == s.pool->size() - 256);
    }
}

TEST_CASE("ND-4 a frame that came before arming is reported by arming") {
    Setup s;
    REQUIRE_FALSE(s.card->arm(0));
    REQUIRE(s.wire(1));
    REQUIRE(s.card->arm(0));
}

TEST_CASE("ND-1 lengths, errors and pieces that make no sense are dropped and the buffer reused") {
    Setup s;
    for (u64 high :
         {done | u64{0xffff} << 32, done | u64{2049} << 32, done, done | u64{1} << 31 | u64{60} << 32,
          u64{1} | u64{2048} << 32 /* no end */, done | u64{60} << 32 /* the end of that */})
        s.chip.write_back(high);
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.card->counters().rx_bad == 6);
    REQUIRE(s.pool->free() == s.pool->size() - 256);
    REQUIRE(s.wire(7));
    REQUIRE(s.card->receive(0, s.into) == 1);
}

TEST_CASE("ND-1 a chip that says all is done gets one batch at a time") {
    Setup s;
    for (unsigned i = 0; i < 255; ++i)
        s.chip.write_back(done | u64{60} << 32);
    REQUIRE(s.card->receive(0, s.into) == s.into.size());
}

TEST_CASE("without buffers frames are dropped and receiving goes on later") {
    Setup s;
    std::vector<PacketRef> held;
    while (auto packet = s.pool->take())
        held.push_back(std::move(packet));
    REQUIRE(s.wire(1));
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.card->counters().rx_no_buffer == 1);
    held.clear();
    REQUIRE(s.wire(2));
    REQUIRE(s.card->receive(0, s.into) == 1);
}

TEST_CASE("frames are sent and their buffers come back when the chip is done") {
    Setup s;
    usize const free = s.pool->free();
    for (unsigned i = 0; i < 1000; ++i) {
        std::array<PacketRef, 1> out{s.packet(60)};
        out[0]->data[0] = std::byte{static_cast<u8>(i)};
        REQUIRE(s.card->transmit(0, out) == 1);
    }
    REQUIRE(s.chip.sent.size() == 1000);
    REQUIRE(s.chip.sent[999][0] == std::byte{static_cast<u8>(999)});
    s.card->tick(io::now());
    REQUIRE(s.pool->free() == free);
}

TEST_CASE("the chip is told where headers are only when that changes") {
    Setup s;
    for (u8 network : {u8{20}, u8{20}, u8{40}}) {
        std::array<PacketRef, 1> out{s.packet(100)};
        out[0]->checksum = Checksum::blank;
        out[0]->layers = {14, network, Network::ipv4, Transport::tcp};
        REQUIRE(s.card->transmit(0, out) == 1);
    }
    REQUIRE(s.chip.contexts == 2);
    REQUIRE(s.chip.sent.size() == 3);
}

TEST_CASE("ND-3 a transmit queue that stops moving is reset and its buffers come back") {
    Setup s;
    s.card->tick(io::now());
    s.chip.sends = false;
    std::array<PacketRef, 1> out{s.packet(60)};
    REQUIRE(s.card->transmit(0, out) == 1);
    devices::advance_clock(6 * io::second);
    s.card->tick(io::now());
    REQUIRE(s.card->counters().resets == 1);
    REQUIRE(s.card->counters().tx_lost == 1);
    REQUIRE(s.pool->free() == s.pool->size() - 256);
}

TEST_CASE("ND-3 a card that vanishes is retried with growing pauses and works when it is back") {
    Setup s;
    s.chip.vanished = true;
    for (unsigned i = 0; i < 40; ++i) {
        s.card->tick(io::now());
        devices::advance_clock(io::second);
    }
    REQUIRE(s.card->counters().resets < 10);
    REQUIRE(s.card->receive(0, s.into) == 0);
    s.chip.vanished = false;
    devices::advance_clock(60 * io::second);
    s.card->tick(io::now());
    REQUIRE(s.wire(1));
    REQUIRE(s.card->receive(0, s.into) == 1);
}

TEST_CASE("ND-3 a reset that never ends is given up after its deadline") {
    Setup s;
    s.chip.reset_hangs = true;
    s.chip.vanished = true;
    s.card->tick(io::now());
    REQUIRE(s.card->counters().resets == 1);
}

TEST_CASE("ND-2 buffers of a card that cannot be stopped are never used again") {
    Setup s;
    s.pci.bus_master_sticks = true;
    s.card.reset();
    REQUIRE(s.pool->free() == s.pool->size() - 256);
}

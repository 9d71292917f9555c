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
         {done | u64{0xffff} << 32, done | u64{4097} << 32, done, done | u64{1} << 31 | u64{60} << 32,
          u64{1} | u64{100} << 32 /* no end, but room left */, done | u64{60} << 32 /* the end of that */})
        s.chip.write_back(high);
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.card->counters().rx_bad == 5);
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
        out[0]->layers = {14, network, 20, Network::ipv4, Transport::tcp};
        REQUIRE(s.card->transmit(0, out) == 1);
    }
    REQUIRE(s.chip.contexts.size() == 2);
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
    REQUIRE(s.pool->free() == s.pool->size() - 256);
}

TEST_CASE("ND-1 a frame longer than the chip may take is dropped to its end") {
    Setup s;
    for (unsigned i = 0; i < 4; ++i)
        s.chip.write_back(u64{1} | u64{4096} << 32);
    s.chip.write_back(done | u64{60} << 32);
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.card->counters().rx_bad == 1);
    REQUIRE(s.pool->free() == s.pool->size() - 256);
}

TEST_CASE("a packet of several buffers is sent as one, and all of it comes back") {
    Setup s;
    usize const free = s.pool->free();
    for (unsigned i = 0; i < 200; ++i) {
        std::array<PacketRef, 1> out{s.packet(4096)};
        out[0]->append(s.packet(4096));
        out[0]->append(s.packet(100));
        REQUIRE(s.card->transmit(0, out) == 1);
        REQUIRE(s.chip.sent.back().size() == 8292);
    }
    s.card->tick(io::now());
    REQUIRE(s.pool->free() == free);
}

TEST_CASE("a packet that the ring has no room for stays with the caller") {
    Setup s;
    s.chip.sends = false;
    std::vector<PacketRef> out;
    for (unsigned i = 0; i < 150; ++i) {
        out.push_back(s.packet(4096));
        out.back()->append(s.packet(1));
    }
    u32 const sent = s.card->transmit(0, out);
    REQUIRE(sent == 127);  // two descriptors each, and one in reserve for a context
    REQUIRE(out[sent - 1].operator bool() == false);
    REQUIRE(out[sent]->buffers() == 2);
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

TEST_CASE("a change of the link is seen at the interrupt, not at the next tick") {
    Setup s;
    s.card->tick(io::now());
    REQUIRE(s.card->link_up());
    s.chip.set_link(false);
    s.pci.interrupts.at(8)();
    s.card->receive(0, s.into);
    REQUIRE_FALSE(s.card->link_up());
    REQUIRE(s.chip.reg(igb::ICR::offset) == 0);
}

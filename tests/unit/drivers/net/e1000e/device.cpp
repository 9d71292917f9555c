// SPDX-License-Identifier: MIT
// What is the 82574's own, against a model that is honest or lies. What every
// driver does is tested in every_card.cpp.
#include "drivers/net/e1000e/device.hpp"

#include <catch2/catch_test_macros.hpp>

#include "drivers/net/e1000e/e1000e.hpp"
#include "tests/host/net/e1000e.hpp"
#include "tests/host/net/pci_space.hpp"

using namespace nic;
using intel::RxDone;

namespace {

constexpr auto done = RxDone::DD::of(1) | RxDone::EOP::of(1);

struct Setup {
    devices::PciSpace& pci = devices::pci_space() = devices::PciSpace::with_e1000e();
    devices::E1000e chip;
    std::unique_ptr<PacketPool> pool = std::move(*PacketPool::create(600));
    std::unique_ptr<Nic> card = std::move(*e1000e::probe(pci::Function{{0, 2, 0}}, *pool, [](u16) {}));
    usize idle = pool->free();
    std::array<PacketRef, 32> into;

    PacketRef packet(u16 length) {
        auto packet = pool->take();
        packet->length = length;
        return packet;
    }
};

}  // namespace

TEST_CASE("ND-1 the 82574's write-backs that make no sense are dropped and their buffers posted again") {
    Setup s;
    for (auto lie : {done | RxDone::LENGTH::of(0xffff), done | RxDone::LENGTH::of(4097), done,
                     done | RxDone::RXE::of(1) | RxDone::LENGTH::of(60),
                     RxDone::DD::of(1) | RxDone::LENGTH::of(100) /* no end, but room left */,
                     done | RxDone::LENGTH::of(60) /* the end of that */})
        s.chip.write_back(lie.raw);
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.card->counters().rx_bad == 5);
    REQUIRE(s.pool->free() == s.idle);
    REQUIRE(s.chip.receive(std::vector<std::byte>(60)));
    REQUIRE(s.card->receive(0, s.into) == 1);
}

TEST_CASE("ND-1 a frame longer than the 82574 may take is dropped to its end") {
    Setup s;
    for (unsigned i = 0; i < 4; ++i)
        s.chip.write_back((RxDone::DD::of(1) | RxDone::LENGTH::of(4096)).raw);
    s.chip.write_back((done | RxDone::LENGTH::of(60)).raw);
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.card->counters().rx_bad == 1);
    REQUIRE(s.pool->free() == s.idle);
}

TEST_CASE("a jumbo frame comes in as many buffers as it needs") {
    Setup s;
    REQUIRE(s.chip.receive(std::vector<std::byte>(9014)));
    REQUIRE(s.card->receive(0, s.into) == 1);
    REQUIRE(s.into[0]->total() == 9014);
    REQUIRE(s.into[0]->buffers() == 3);
}

TEST_CASE("a transport checksum counts as verified only when the 82574 looked and found it right") {
    Setup s;
    std::vector<std::byte> const frame(60);
    REQUIRE(s.chip.receive(frame, RxDone::L4I::of(1).raw));
    REQUIRE(s.chip.receive(frame, (RxDone::L4I::of(1) | RxDone::L4E::of(1)).raw));
    REQUIRE(s.chip.receive(frame));
    REQUIRE(s.card->receive(0, s.into) == 3);
    REQUIRE(s.into[0]->checksum == Checksum::valid);
    REQUIRE(s.into[1]->checksum == Checksum::unknown);
    REQUIRE(s.into[2]->checksum == Checksum::unknown);
}

TEST_CASE("the 82574 is told where the checksum of a packet starts, goes to, and only when that changes") {
    Setup s;
    for (u8 network : {u8{20}, u8{20}, u8{40}}) {
        std::array<PacketRef, 1> out{s.packet(100)};
        out[0]->checksum = Checksum::blank;
        out[0]->layers = {14, network, 8, Network::ipv4, Transport::udp};
        REQUIRE(s.card->transmit(0, out) == 1);
    }
    REQUIRE(s.chip.contexts.size() == 2);
    io::Bits<e1000e::TxPlace> const place{s.chip.contexts[0].low};
    REQUIRE(e1000e::TxPlace::TUCSS::in(place) == 34);
    REQUIRE(e1000e::TxPlace::TUCSO::in(place) == 40);
    REQUIRE(e1000e::TxContext::TCP::in({s.chip.contexts[0].high}) == 0);
    REQUIRE(intel::TxData::TXSM::in({s.chip.commands[0]}) == 1);
    REQUIRE(e1000e::TxData::TSE::in({s.chip.commands[0]}) == 0);
}

TEST_CASE("the 82574 is told how to cut a large packet") {
    Setup s;
    std::array<PacketRef, 1> out{s.packet(4096)};
    out[0]->append(s.packet(904));
    out[0]->layers = {14, 20, 32, Network::ipv4, Transport::tcp};
    out[0]->checksum = Checksum::blank;
    out[0]->segment_bytes = 1448;
    REQUIRE(s.card->transmit(0, out) == 1);
    REQUIRE(s.chip.contexts.size() == 1);
    io::Bits<e1000e::TxContext> const context{s.chip.contexts[0].high};
    REQUIRE(e1000e::TxContext::MSS::in(context) == 1448);
    REQUIRE(e1000e::TxContext::HDRLEN::in(context) == 66);
    REQUIRE(e1000e::TxContext::PAYLEN::in(context) == 5000 - 66);
    REQUIRE(e1000e::TxContext::TSE::in(context) == 1);
    REQUIRE(e1000e::TxContext::IPV4::in(context) == 1);
    REQUIRE(e1000e::TxData::TSE::in({s.chip.commands[0]}) == 1);
    REQUIRE(intel::TxData::IXSM::in({s.chip.commands[0]}) == 1);
    REQUIRE(s.chip.sent[0].size() == 5000);
}

TEST_CASE("ND-4 an interrupt of the 82574 switches itself off, and what was polled does not raise one") {
    Setup s;
    u32 const received = e1000e::ICR::RXQ0::of(1).raw;
    std::vector<std::byte> const frame(60);
    REQUIRE(s.chip.receive(frame));
    REQUIRE(s.chip.interrupts(received));
    REQUIRE(s.chip.receive(frame));
    REQUIRE_FALSE(s.chip.interrupts(received));
    REQUIRE(s.card->receive(0, s.into) == 2);
    REQUIRE_FALSE(s.card->arm(0));
    REQUIRE_FALSE(s.chip.interrupts(received));
    REQUIRE(s.chip.receive(frame));
    REQUIRE(s.chip.interrupts(received));
}

TEST_CASE("ND-4 who armed the 82574's interrupt hears once that something was sent") {
    Setup s;
    u32 const sent = e1000e::ICR::TXQ0::of(1).raw;
    s.chip.sends = false;
    std::array<PacketRef, 2> out{s.packet(60), s.packet(60)};
    REQUIRE(s.card->transmit(0, out) == 2);
    REQUIRE_FALSE(s.card->arm(0));
    s.chip.transmit();
    REQUIRE(s.chip.interrupts(sent));
    REQUIRE_FALSE(s.chip.interrupts(sent));
}

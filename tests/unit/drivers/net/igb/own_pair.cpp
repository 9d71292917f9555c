// SPDX-License-Identifier: MIT
// Queues that belong to stations: who gets what, and what changes hands.
#include "drivers/net/igb/own_pair.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/drivers/net/igb/stations.hpp"

using namespace nic;
using namespace nic::test;

namespace {

constexpr Mac everybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

}  // namespace

TEST_CASE("frames of two stations land in the pages of each, all others in the common queue") {
    Setup s;
    auto second = *s.card->own_queue({other, 1518}, [] {});
    s.post(0, 2);
    second->post(std::array{s.memory.maddr() + 9 * page_size});
    s.queue->steer();
    second->steer();
    s.chip.wire(frame(other, 80, 2));
    s.chip.wire(frame(station, 70, 1));
    s.chip.wire(frame({{2, 0, 0, 0, 0, 9}}, 90, 3));
    REQUIRE(s.queue->completed(s.into) == 1);
    REQUIRE(s.into[0] == Filled{70, true, Checksum::unknown});
    REQUIRE(s.byte(0, 69) == std::byte{1});
    REQUIRE(second->completed(s.into) == 1);
    REQUIRE(s.byte(9, 79) == std::byte{2});
    REQUIRE(s.card->receive(0, s.packets) == 1);
    REQUIRE(s.packets[0]->length == 90);
}

TEST_CASE("a broadcast reaches every queue, and one sent by a station all but its own") {
    Setup s;
    auto second = *s.card->own_queue({other, 1518}, [] {});
    s.post(0, 4);
    second->post(std::array{s.memory.maddr() + 9 * page_size, s.memory.maddr() + 10 * page_size});
    s.queue->steer();
    second->steer();
    s.chip.wire(frame(everybody));
    REQUIRE(s.send(*second, everybody) == 1);
    REQUIRE(s.chip.sent.size() == 1);
    REQUIRE(s.queue->completed(s.into) == 2);
    REQUIRE(second->completed(s.into) == 1);
    REQUIRE(s.card->receive(0, s.packets) == 2);
}

TEST_CASE("where the chip does not see to it, a station still does not hear its own broadcasts") {
    Setup s{devices::PciSpace::with_emulated_igb(), false};
    auto second = *s.card->own_queue({other, 1518}, [] {});
    s.post(0, 4);
    second->post(std::array{s.memory.maddr() + 9 * page_size, s.memory.maddr() + 10 * page_size});
    s.queue->steer();
    second->steer();
    std::array out{s.packet(station), s.packet(everybody), s.packet(everybody), s.packet(station)};
    REQUIRE(second->transmit(out) == 4);
    REQUIRE(s.queue->completed(s.into) == 4);
    REQUIRE(second->completed(s.into) == 0);
    s.chip.wire(frame(everybody));
    REQUIRE(second->completed(s.into) == 1);
}

TEST_CASE("stations hear each other inside the chip") {
    Setup s;
    auto second = *s.card->own_queue({other, 1518}, [] {});
    s.post(0, 1);
    s.queue->steer();
    REQUIRE(s.send(*second, station) == 1);
    REQUIRE(s.chip.sent.empty());
    REQUIRE(s.queue->completed(s.into) == 1);
    second->steer();
    REQUIRE(s.send(*s.queue, {{2, 0, 0, 0, 0, 9}}) == 1);
    REQUIRE(s.chip.sent.size() == 1);
}

TEST_CASE("until it is steered and after it retires a queue gets nothing, and nothing is lost") {
    Setup s;
    s.post(0, 5);
    s.chip.wire(frame(station));
    s.queue->steer();
    s.chip.wire(frame(station, 70));
    REQUIRE(s.queue->retire() == 4U);
    s.chip.wire(frame(station));
    REQUIRE(s.card->receive(0, s.packets) == 2);
    REQUIRE(s.queue->completed(s.into) == 1);
    REQUIRE(s.into[0].length == 70);
    REQUIRE(s.queue->retire() == 0U);
}

TEST_CASE("frames that come while a queue is steered to, or retires, are not lost") {
    Setup s;
    s.post(0, 200);
    u32 came = 0;
    s.chip.between_stores = [&] {
        ++came;
        s.chip.wire(frame(station));
    };
    s.queue->steer();
    auto const unfilled = s.queue->retire();
    s.chip.between_stores = {};
    REQUIRE(came > 5);
    u32 got = 0;
    for (unsigned i = 0; i < 8; ++i)
        got += s.queue->completed(s.into) + s.receive_all();
    REQUIRE(got == came);
    REQUIRE(unfilled.has_value());
}

TEST_CASE("what a station sends is cut and summed by the chip, as by the common queue") {
    Setup s;
    s.queue->steer();
    std::array out{s.packet({{2, 0, 0, 0, 0, 9}})};
    out[0]->length = 1000;
    out[0]->layers = {14, 20, 20, Network::ipv4, Transport::tcp};
    out[0]->checksum = Checksum::blank;
    out[0]->segment_bytes = 500;
    REQUIRE(s.queue->transmit(out) == 1);
    REQUIRE(s.chip.contexts.size() == 1);
    REQUIRE(igb::TxContext::MSS::in({s.chip.contexts[0].high}) == 500);
    REQUIRE(igb::TxData::TSE::in({s.chip.commands[0]}) == 1);
    REQUIRE(igb::TxData::TXSM::in({s.chip.commands[0]}) == 1);
}

TEST_CASE("ND-4 every posted page comes back once and in order over many laps of the ring") {
    Setup s;
    s.queue->steer();
    for (u32 i = 0; i < 2000; ++i) {
        s.post(i % 300, 1);
        s.chip.wire(frame(station, 60 + i % 100, static_cast<u8>(i)));
        REQUIRE(s.queue->completed(s.into) == 1);
        REQUIRE(s.into[0].length == 60 + i % 100);
        REQUIRE(s.byte(i % 300, 59) == std::byte{static_cast<u8>(i)});
    }
    REQUIRE(s.queue->room() == 255);
}

TEST_CASE("a full queue drops and counts, and holds up no other") {
    Setup s;
    s.post(0, 1);
    s.queue->steer();
    for (unsigned i = 0; i < 3; ++i)
        s.chip.wire(frame(station));
    s.chip.wire(frame(other));
    REQUIRE(s.card->receive(0, s.packets) == 1);
    s.card->tick(io::now());
    REQUIRE(s.queue->counters().rx_missed == 2);
    REQUIRE(s.queue->completed(s.into) == 1);
    REQUIRE(s.queue->counters().rx_packets == 1);
}

TEST_CASE("all that find a queue full are counted, although the chip counts to 4095") {
    Setup s;
    s.queue->steer();
    u64 got = 0;
    for (unsigned round = 0; round < 4; ++round) {
        s.post(0, 20);
        for (unsigned i = 0; i < 3000; ++i)
            s.chip.wire(frame(station));
        got += s.queue->completed(s.into);
    }
    REQUIRE(got == 80);
    REQUIRE(got + s.queue->counters().rx_missed == 4 * 3000);
    s.chip.wire(frame(station));
    REQUIRE(s.queue->retire());
    REQUIRE(got + s.queue->counters().rx_missed == 4 * 3000 + 1);
}

TEST_CASE("a frame of several pages is told when all of it is there") {
    Setup s;
    s.post(0, 4);
    s.chip.write_back(u64{1} | u64{4096} << 32, 1);
    s.chip.write_back(u64{1} | u64{4096} << 32, 1);
    REQUIRE(s.queue->completed(s.into) == 0);
    s.chip.write_back(done | u64{808} << 32, 1);
    REQUIRE(s.queue->completed(std::span{s.into}.first(2)) == 0);
    REQUIRE(s.queue->completed(s.into) == 3);
    REQUIRE(s.into[2] == Filled{808, true, Checksum::unknown});
    REQUIRE(s.queue->counters().rx_bytes == 9000);
}

TEST_CASE("a queue interrupts its owner, and tells at arming what came before") {
    Setup s;
    s.post(0, 2);
    s.queue->steer();
    REQUIRE_FALSE(s.queue->arm());
    s.chip.wire(frame(station));
    s.wakes = 0;
    s.pci.interrupts.at(1)();
    REQUIRE(s.wakes == 1);
    REQUIRE(s.queue->completed(s.into) == 1);
    s.chip.wire(frame(station));
    REQUIRE(s.queue->arm());
}

TEST_CASE("seven stations have queues, the next one none until one of them is done") {
    Setup s;
    std::vector<std::unique_ptr<OwnQueue>> more;
    REQUIRE(s.card->own_queues() == 7);
    for (u8 i = 0; i < 6; ++i)
        more.push_back(*s.card->own_queue({{{2, 0, 0, 0, 1, i}}, 1518}, [] {}));
    REQUIRE(s.card->own_queue({other, 1518}, [] {}).error() == Errno::busy);
    more.pop_back();
    REQUIRE(s.card->own_queue({station, 1518}, [] {}).error() == Errno::exist);
    REQUIRE(s.card->own_queue({other, 1518}, [] {}));
}

TEST_CASE("frames longer than its station takes do not come to a queue") {
    Setup s;
    auto second = *s.card->own_queue({other, 1518}, [] {});
    second->post(std::array{s.memory.maddr()});
    second->steer();
    s.chip.wire(frame(other, 1519));
    REQUIRE(second->completed(s.into) == 0);
    s.chip.wire(frame(other, 1518));
    REQUIRE(second->completed(s.into) == 1);
}

TEST_CASE("what the chip has looked into as TCP is told with the end of the frame") {
    Setup s;
    using Done = intel::RxDone;
    s.post(0, 4);
    s.queue->steer();
    u64 const segment = done | Done::L4I::of(1).raw;
    for (u64 const status : {segment, segment | Done::UDPCS::of(1).raw, done})
        REQUIRE(s.chip.receive(frame(station), status, 1));
    REQUIRE(s.queue->completed(s.into) == 3);
    REQUIRE(s.into[0].tcp);
    REQUIRE_FALSE(s.into[1].tcp);
    REQUIRE_FALSE(s.into[2].tcp);
}

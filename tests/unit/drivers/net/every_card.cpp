// SPDX-License-Identifier: MIT
// What nic.hpp promises, kept by every driver whatever its card does.
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include "drivers/io/clock.hpp"
#include "drivers/net/card.hpp"
#include "tests/host/net/rigs.hpp"

using namespace nic;

namespace {

template <class Rig>
struct Setup {
    devices::PciSpace& pci = devices::pci_space() = Rig::pci();
    Rig rig;
    std::unique_ptr<PacketPool> pool = std::move(*PacketPool::create(1000));
    std::unique_ptr<Nic> card = std::move(*Rig::probe(pci::Function{{0, 2, 0}}, *pool, [](u16) {}));
    usize idle = pool->free();  // buffers, when no packet is on its way
    std::array<PacketRef, 32> into;

    bool wire(u8 fill, usize length = 100) {
        return rig.wire(std::vector<std::byte>(length, std::byte{fill}));
    }
    PacketRef packet(u16 length) {
        auto packet = pool->take();
        packet->length = length;
        return packet;
    }
    bool send(u16 length) {
        std::array<PacketRef, 1> out{packet(length)};
        return card->transmit(0, out) == 1;
    }
    void let_pass(unsigned seconds) {
        for (unsigned i = 0; i < seconds; ++i) {
            card->tick(io::now());
            devices::advance_clock(io::second);
        }
    }
};

}  // namespace

#define FOR_EVERY_CARD(sentence) \
    TEMPLATE_TEST_CASE(sentence, "", devices::IgbRig, devices::E1000eRig, devices::VirtioNetRig)

FOR_EVERY_CARD("a card comes up with its address and buffers to receive into") {
    Setup<TestType> s;
    REQUIRE(s.card->mac() == Mac{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}});
    REQUIRE(s.idle < s.pool->size());
    s.card->tick(io::now());
    REQUIRE(s.card->link_up());
}

FOR_EVERY_CARD("ND-4 every posted buffer completes exactly once over many laps of the ring") {
    Setup<TestType> s;
    for (unsigned i = 0; i < 2000; ++i) {
        REQUIRE(s.wire(static_cast<u8>(i)));
        REQUIRE(s.card->receive(0, s.into) == 1);
        REQUIRE(s.into[0]->length == 100);
        REQUIRE(s.into[0]->data[99] == std::byte{static_cast<u8>(i)});
        s.into[0].reset();
        REQUIRE(s.pool->free() == s.idle);
    }
}

FOR_EVERY_CARD("ND-4 a frame that came before arming is reported by arming") {
    Setup<TestType> s;
    REQUIRE_FALSE(s.card->arm(0));
    REQUIRE(s.wire(1));
    REQUIRE(s.card->arm(0));
}

FOR_EVERY_CARD("what waits is told of without arming, and only while the card runs") {
    Setup<TestType> s;
    REQUIRE_FALSE(s.card->pending(0));
    REQUIRE(s.wire(1));
    REQUIRE(s.card->pending(0));
    REQUIRE(s.card->receive(0, s.into) == 1);
    REQUIRE_FALSE(s.card->pending(0));
    REQUIRE(s.send(60));
    REQUIRE(s.card->pending(0));
    s.rig.chip.vanished = true;
    s.let_pass(1);
    REQUIRE_FALSE(s.card->pending(0));
}

FOR_EVERY_CARD("without buffers frames are dropped and receiving goes on later") {
    Setup<TestType> s;
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

FOR_EVERY_CARD("frames are sent and their buffers come back when the card is done") {
    Setup<TestType> s;
    for (unsigned i = 0; i < 1000; ++i) {
        std::array<PacketRef, 1> out{s.packet(60)};
        out[0]->data[0] = std::byte{static_cast<u8>(i)};
        REQUIRE(s.card->transmit(0, out) == 1);
    }
    REQUIRE(s.rig.chip.sent.size() == 1000);
    REQUIRE(s.rig.chip.sent[999].size() == 60);
    REQUIRE(s.rig.chip.sent[999][0] == std::byte{static_cast<u8>(999)});
    s.card->tick(io::now());
    REQUIRE(s.pool->free() == s.idle);
}

FOR_EVERY_CARD("what was sent is reported by arming and let go of by receiving") {
    Setup<TestType> s;
    REQUIRE_FALSE(s.card->arm(0));
    REQUIRE(s.send(60));
    REQUIRE(s.card->arm(0));
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.pool->free() == s.idle);
    REQUIRE_FALSE(s.card->arm(0));
}

FOR_EVERY_CARD("a packet of several buffers is sent as one, and all of it comes back") {
    Setup<TestType> s;
    for (unsigned i = 0; i < 200; ++i) {
        std::array<PacketRef, 1> out{s.packet(4096)};
        out[0]->append(s.packet(4096));
        out[0]->append(s.packet(100));
        REQUIRE(s.card->transmit(0, out) == 1);
        REQUIRE(s.rig.chip.sent.back().size() == 8292);
    }
    s.card->tick(io::now());
    REQUIRE(s.pool->free() == s.idle);
}

FOR_EVERY_CARD("a packet that the ring has no room for stays with the caller") {
    Setup<TestType> s;
    s.rig.chip.sends = false;
    std::vector<PacketRef> out;
    for (unsigned i = 0; i < 150; ++i) {
        out.push_back(s.packet(4096));
        out.back()->append(s.packet(1));
    }
    u32 const sent = s.card->transmit(0, out);
    REQUIRE((sent > 0 && sent < out.size()));
    REQUIRE_FALSE(out[sent - 1]);
    REQUIRE(out[sent]->buffers() == 2);
}

FOR_EVERY_CARD("ND-3 a transmit queue that stops moving is reset and its buffers come back") {
    Setup<TestType> s;
    s.rig.chip.sends = false;
    REQUIRE(s.send(60));
    s.let_pass(5);
    REQUIRE(s.card->counters().resets == 0);
    s.let_pass(2);
    REQUIRE(s.card->counters().resets == 1);
    REQUIRE(s.card->counters().tx_lost == 1);
    REQUIRE(s.pool->free() == s.idle);
    s.rig.chip.sends = true;
    REQUIRE(s.send(60));
    REQUIRE(s.rig.chip.sent.size() == 1);
}

FOR_EVERY_CARD("ND-1 ND-3 a receive queue that makes no sense is reset at the next tick, and works on") {
    Setup<TestType> s;
    s.rig.lie();
    REQUIRE(s.card->receive(0, s.into) == 0);
    s.let_pass(1);
    REQUIRE(s.card->counters().resets == 1);
    REQUIRE(s.pool->free() == s.idle);
    s.let_pass(3);
    REQUIRE(s.card->counters().resets == 1);
    REQUIRE(s.wire(1));
    REQUIRE(s.card->receive(0, s.into) == 1);
}

FOR_EVERY_CARD("what waits for the link is no reason to reset, nor is it when the link comes back") {
    Setup<TestType> s;
    s.rig.chip.set_link(false);
    s.rig.chip.sends = false;
    REQUIRE(s.send(60));
    s.let_pass(10);
    s.rig.chip.sends = true;
    s.rig.chip.set_link(true);
    s.let_pass(1);
    REQUIRE(s.send(60));
    s.let_pass(10);
    REQUIRE(s.card->counters().resets == 0);
    REQUIRE(s.rig.chip.sent.size() == 2);
}

FOR_EVERY_CARD("ND-3 a card that is reset again and again under traffic loses what it counts, and goes on") {
    Setup<TestType> s;
    u64 received = 0;
    for (unsigned i = 0; i < 400; ++i) {
        s.rig.chip.sends = i % 3 != 0;
        REQUIRE(s.send(60));
        REQUIRE(s.wire(static_cast<u8>(i)));
        received += s.card->receive(0, s.into);
        for (PacketRef& packet : s.into)
            packet.reset();
        if (i % 7 != 0)
            continue;
        s.rig.chip.vanished = true;
        s.let_pass(1);
        s.rig.chip.vanished = false;
        s.let_pass(61);
    }
    auto const& counters = s.card->counters();
    REQUIRE(received == 400);
    REQUIRE(counters.resets >= 57);
    REQUIRE(counters.tx_lost > 0);
    REQUIRE(counters.tx_packets == s.rig.chip.sent.size() + counters.tx_lost);
    s.let_pass(1);
    REQUIRE(s.pool->free() == s.idle);
}

FOR_EVERY_CARD(
    "ND-3 frames that came, and that nobody had taken when the card was reset, are counted as lost") {
    Setup<TestType> s;
    for (u8 i = 0; i < 40; ++i)
        REQUIRE(s.wire(i));
    REQUIRE(s.card->receive(0, std::span{s.into}.first(10)) == 10);
    for (PacketRef& packet : s.into)
        packet.reset();
    s.card->ask_reset();
    s.card->tick(io::now());
    REQUIRE(s.card->counters().rx_packets == 10);
    REQUIRE(s.card->counters().rx_lost == 30);
    REQUIRE(s.pool->free() == s.idle);
    REQUIRE(s.card->receive(0, s.into) == 0);
    REQUIRE(s.wire(1));
    REQUIRE(s.card->receive(0, s.into) == 1);
}

FOR_EVERY_CARD("ND-3 a card that vanishes is retried with growing pauses and works when it is back") {
    Setup<TestType> s;
    s.rig.chip.vanished = true;
    s.let_pass(40);
    REQUIRE(s.card->counters().resets > 1);
    REQUIRE(s.card->counters().resets < 10);
    REQUIRE(s.card->receive(0, s.into) == 0);
    s.rig.chip.vanished = false;
    devices::advance_clock(60 * io::second);
    s.card->tick(io::now());
    REQUIRE(s.wire(1));
    REQUIRE(s.card->receive(0, s.into) == 1);
}

FOR_EVERY_CARD("ND-3 a card is reset when somebody asks, and works on") {
    Setup<TestType> s;
    s.card->ask_reset();
    REQUIRE(s.card->counters().resets == 0);
    s.card->tick(io::now());
    REQUIRE(s.card->counters().resets == 1);
    s.card->tick(io::now());
    REQUIRE(s.card->counters().resets == 1);
    REQUIRE(s.wire(1));
    REQUIRE(s.card->receive(0, s.into) == 1);
    REQUIRE(s.send(60));
}

FOR_EVERY_CARD("ND-3 a reset that never ends is given up after its deadline") {
    Setup<TestType> s;
    s.rig.hang_resets();
    s.rig.chip.sends = false;
    REQUIRE(s.send(60));
    s.let_pass(7);
    REQUIRE(s.card->counters().resets == 1);
    REQUIRE_FALSE(s.send(60));
}

FOR_EVERY_CARD("ND-3 what an earlier lap of a ring left is not taken for work done, when a reset fails") {
    Setup<TestType> s;
    for (unsigned i = 0; i < 1000; ++i) {
        REQUIRE(s.send(60));
        s.card->receive(0, s.into);
    }
    s.rig.chip.sends = false;
    REQUIRE(s.send(60));
    s.rig.hang_resets();
    s.card->ask_reset();
    s.card->tick(io::now());
    REQUIRE(s.card->counters().tx_lost == 1);
    REQUIRE(s.pool->free() == s.pool->size());
}

FOR_EVERY_CARD("ND-3 a card that would not start is not believed when it tells of frames") {
    Setup<TestType> s;
    s.rig.hang_resets();
    s.card->ask_reset();
    s.card->tick(io::now());
    REQUIRE(s.pool->free() == s.pool->size());
    s.rig.lie();
    s.let_pass(3);
    REQUIRE(s.card->counters().rx_lost == 0);
    REQUIRE(s.pool->free() == s.pool->size());
}

FOR_EVERY_CARD("ND-2 buffers of a card that cannot be stopped are never used again") {
    Setup<TestType> s;
    s.rig.chip.sends = false;
    REQUIRE(s.send(60));
    s.pci.bus_master_sticks = true;
    s.card.reset();
    REQUIRE(s.pool->free() == s.idle - 1);  // neither those to receive into nor the one on its way
}

FOR_EVERY_CARD("a change of the link is seen at the interrupt, not at the next tick") {
    Setup<TestType> s;
    s.card->tick(io::now());
    REQUIRE(s.card->link_up());
    s.rig.chip.set_link(false);
    s.pci.interrupts.at(TestType::link_vector)();
    s.card->receive(0, s.into);
    REQUIRE_FALSE(s.card->link_up());
}

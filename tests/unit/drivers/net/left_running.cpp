// SPDX-License-Identifier: MIT
// Cards whose driver has ended without a word, with its domain, in the hands of the next one.
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_macros.hpp>

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/pools.hpp"
#include "drivers/net/own_queue.hpp"
#include "tests/host/net/rigs.hpp"

using namespace nic;

namespace {

template <class Rig>
struct Setup {
    devices::PciSpace& pci = devices::pci_space() = Rig::pci();
    Rig rig;
    std::unique_ptr<PacketPool> old_pool = std::move(*PacketPool::create(1000));
    std::unique_ptr<PacketPool> pool = std::move(*PacketPool::create(2000));
    std::unique_ptr<Nic> old_card = probe(*old_pool);
    std::vector<std::unique_ptr<Nic>> next_cards;  // none is ended in good order before the test is over
    Nic* card = nullptr;
    std::array<PacketRef, 32> into;

    std::unique_ptr<Nic> probe(PacketPool& from) {
        return std::move(*Rig::probe(pci::Function{{0, 2, 0}}, from, [](u16) {}));
    }
    // The hypervisor takes it off the bus, and nobody else says anything.
    void driver_ends() { pci::Function{{0, 2, 0}}.set_bus_master(false); }
    void change_drivers() {
        driver_ends();
        next_driver();
    }
    void next_driver() { card = next_cards.emplace_back(probe(*pool)).get(); }
    bool wire(u8 fill) { return rig.wire(std::vector<std::byte>(100, std::byte{fill})); }
    bool send() {
        std::array<PacketRef, 1> out{pool->take()};
        out[0]->length = 60;
        return card->transmit(0, out) == 1;
    }
};

template <class Rig>
bool receives(Setup<Rig>& s, u8 fill) {
    return s.wire(fill) && s.card->receive(0, s.into) == 1 && s.into[0]->data[99] == std::byte{fill};
}

}  // namespace

#define FOR_EVERY_CARD(sentence) \
    TEMPLATE_TEST_CASE(sentence, "", devices::IgbRig, devices::E1000eRig, devices::VirtioNetRig)
#define FOR_EVERY_CHIP_OF_INTEL(sentence) \
    TEMPLATE_TEST_CASE(sentence, "", devices::IgbRig, devices::E1000eRig)

FOR_EVERY_CARD("ND-2 a card left running works for the next driver, and writes nothing for the one before") {
    Setup<TestType> s;
    REQUIRE(s.wire(1));
    s.change_drivers();
    REQUIRE(s.card->link_up());
    REQUIRE(s.card->mac() == s.old_card->mac());
    for (u8 i = 2; i < 100; ++i)
        REQUIRE(receives(s, i));
    REQUIRE(s.send());
    REQUIRE(s.rig.chip.sent.size() == 1);
    REQUIRE(s.old_card->receive(0, s.into) == 1);  // of its own time
}

FOR_EVERY_CHIP_OF_INTEL("a card left running keeps its link, one that had none negotiates it") {
    Setup<TestType> s;
    unsigned const before = s.rig.chip.negotiations;
    s.change_drivers();
    REQUIRE(s.rig.chip.negotiations == before);
    s.rig.chip.link = false;
    s.change_drivers();
    REQUIRE(s.rig.chip.negotiations == before + 1);
}

FOR_EVERY_CHIP_OF_INTEL("a card that somebody has reset, or that forgot its address, negotiates its link") {
    Setup<TestType> s;
    unsigned const before = s.rig.chip.negotiations;
    s.old_card.reset();
    s.next_driver();
    REQUIRE(s.rig.chip.negotiations == before + 1);
    s.rig.chip.store(intel::RAH::offset_of(0), 0, 4);
    s.change_drivers();
    REQUIRE(s.rig.chip.negotiations == before + 2);
}

FOR_EVERY_CHIP_OF_INTEL("a card whose driver ended before it had started is begun anew") {
    Setup<TestType> s;
    unsigned const before = s.rig.chip.negotiations;
    intel::set_loaded(*intel::map(pci::Function{{0, 2, 0}}, 0x1'0000), false);
    s.change_drivers();
    REQUIRE(s.rig.chip.negotiations == before + 1);
    REQUIRE(receives(s, 1));
}

TEST_CASE("a card left running is not reset where its queues show that they have stopped") {
    Setup<devices::IgbRig> s;
    unsigned const resets = s.rig.chip.resets;
    s.change_drivers();
    REQUIRE(s.rig.chip.resets == resets);
    s.rig.chip.never_stops = true;
    s.change_drivers();
    REQUIRE(s.rig.chip.resets == resets + 1);
    REQUIRE(receives(s, 1));
}

TEST_CASE("ND-2 a station's queue of a card left running is nobody's for the next driver") {
    Setup<devices::IgbRig> s;
    Station const station{{{2, 0, 0, 0, 0, 9}}, 1514, 0};
    auto own = std::move(*s.old_card->own_queue(station, [] {}));
    own->steer();
    s.change_drivers();
    std::vector<std::byte> frame(100);
    std::ranges::copy(std::as_bytes(std::span{station.mac.octets}), frame.begin());
    s.rig.chip.wire(frame);
    REQUIRE(s.card->receive(0, s.into) == 1);
    REQUIRE(s.rig.chip.reg(igb::VFTE::offset) == 1);
}

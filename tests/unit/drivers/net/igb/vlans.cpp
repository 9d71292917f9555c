// SPDX-License-Identifier: MIT
// Stations in virtual networks, each with its own queue.
#include <catch2/catch_test_macros.hpp>

#include "drivers/net/igb/igb.hpp"
#include "tests/host/net/igb.hpp"
#include "tests/host/net/pci_space.hpp"

using namespace nic;

namespace {

constexpr Mac plain{{2, 0, 0, 0, 0, 7}};
constexpr Mac in_five{{2, 0, 0, 0, 0, 8}};
constexpr Mac everybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

// 64 bytes with a tag, 60 without.
std::vector<std::byte> frame(Mac to, u16 vlan) {
    std::vector<std::byte> bytes(vlan == 0 ? 60 : 64, std::byte{1});
    std::memcpy(bytes.data(), to.octets.data(), to.octets.size());
    if (vlan == 0)
        return bytes;
    bytes[12] = std::byte{0x81};
    bytes[13] = std::byte{0};
    bytes[14] = static_cast<std::byte>(vlan >> 8);
    bytes[15] = static_cast<std::byte>(vlan);
    return bytes;
}

struct Setup {
    devices::PciSpace& pci = devices::pci_space() = devices::PciSpace::with_emulated_igb();
    devices::Igb chip;
    std::unique_ptr<PacketPool> pool = std::move(*PacketPool::create(600));
    std::unique_ptr<Nic> card = std::move(*igb::probe(pci::Function{{0, 2, 0}}, *pool, [](u16) {}));
    io::DmaMemory memory = *io::DmaMemory::allocate(16 * page_size);
    std::unique_ptr<OwnQueue> first = *card->own_queue({plain, 1518}, [] {});
    std::unique_ptr<OwnQueue> second = *card->own_queue({in_five, 1518, 5}, [] {});
    std::array<Filled, 32> filled;
    std::array<PacketRef, 32> packets;

    Setup() {
        for (u32 i = 0; i < 8; ++i) {
            first->post(std::array{memory.maddr() + i * page_size});
            second->post(std::array{memory.maddr() + (8 + i) * page_size});
        }
        hear({0, 5, 6});
        first->steer();
        second->steer();
    }
    void hear(std::initializer_list<u16> list) {
        Vlans networks;
        for (u16 const network : list)
            networks.set(network);
        card->hear(networks);
    }
    // How many came to each: to the first, the second, and the common queue.
    std::array<u32, 3> wire(Mac to, u16 vlan) {
        chip.wire(frame(to, vlan));
        for (PacketRef& packet : packets)
            packet.reset();
        return {first->completed(filled), second->completed(filled), card->receive(0, packets)};
    }
};

using Came = std::array<u32, 3>;

}  // namespace

TEST_CASE("a station gets the frames of its network alone, and without a tag") {
    Setup s;
    REQUIRE(s.wire(in_five, 5) == Came{0, 1, 0});
    REQUIRE(s.filled[0].length == 60);
    REQUIRE(s.memory.bytes()[8 * page_size + 12] == std::byte{1});
    REQUIRE(s.wire(in_five, 6) == Came{0, 0, 1});
    REQUIRE(s.wire(in_five, 0) == Came{0, 0, 1});
    REQUIRE(s.wire(plain, 0) == Came{1, 0, 0});
    REQUIRE(s.wire(plain, 5) == Came{0, 0, 1});
}

TEST_CASE("a broadcast reaches the stations of its network, and keeps its tag in the common queue") {
    Setup s;
    REQUIRE(s.wire(everybody, 5) == Came{0, 1, 1});
    auto const expected = frame(everybody, 5);
    REQUIRE(std::ranges::equal(s.packets[0]->head(), expected));
    REQUIRE(s.wire(everybody, 6) == Came{0, 0, 1});
    REQUIRE(s.wire(everybody, 7) == Came{0, 0, 0});
    REQUIRE(s.wire(everybody, 0) == Came{1, 0, 1});
}

TEST_CASE("a network that is new is heard of, and old ones stay") {
    Setup s;
    s.hear({0, 5, 7});
    REQUIRE(s.wire(everybody, 5) == Came{0, 1, 1});
    REQUIRE(s.wire(everybody, 6) == Came{0, 0, 0});
    REQUIRE(s.wire(everybody, 7) == Came{0, 0, 1});
}

TEST_CASE("without stations the common queue hears all networks") {
    Setup s;
    REQUIRE(s.first->retire());
    REQUIRE(s.wire(everybody, 7) == Came{0, 0, 0});
    REQUIRE(s.second->retire());
    REQUIRE(s.wire(everybody, 7)[2] == 1);
}

TEST_CASE("networks are in force again after a reset of the chip") {
    Setup s;
    s.card->ask_reset();
    s.card->tick(0);
    REQUIRE(s.wire(in_five, 5) == Came{0, 1, 0});
    REQUIRE(s.wire(everybody, 6) == Came{0, 0, 1});
    REQUIRE(s.wire(everybody, 7) == Came{0, 0, 0});
}

TEST_CASE("a card that cannot tell so many networks apart has no queues for stations") {
    Setup s;
    Vlans many;
    for (u16 network = 0; network < 32; ++network)
        many.set(network);
    s.card->hear(many);
    REQUIRE(s.card->own_queues() == 7);
    many.set(32);
    s.card->hear(many);
    REQUIRE(s.card->own_queues() == 0);
    REQUIRE(s.card->own_queue({everybody, 1518}, [] {}).error() == Errno::busy);
    s.hear({0});
    REQUIRE(s.card->own_queues() == 7);
}

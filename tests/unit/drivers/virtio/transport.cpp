// SPDX-License-Identifier: MIT
// Structures of a virtio device that are not where, or what, they should be.
#include "drivers/virtio/transport.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/host/net/pci_space.hpp"
#include "tests/host/net/virtio_net.hpp"

namespace {

constexpr u8 common = 0x40;
constexpr u8 notify = 0x50;

struct Setup {
    devices::PciSpace& pci = devices::pci_space() = devices::PciSpace::with_virtio_net();
    devices::VirtioNet chip;

    [[nodiscard]] bool found() const { return virtio::Transport::find(pci::Function{{0, 2, 0}}).has_value(); }
};

}  // namespace

TEST_CASE("a device whose structures lie inside its BAR is found") {
    REQUIRE(Setup{}.found());
}

TEST_CASE("ND-1 a structure beyond its BAR, too short, or in a BAR that is not there is none") {
    for (auto const& [at, word] :
         {std::pair{common + 4, 7U}, std::pair{common + 4, 0xffU}, std::pair{common + 4, 4U},
          std::pair{common + 8, 0x2'0000U}, std::pair{common + 8, 0xffff'fffcU}, std::pair{common + 8, 2U},
          std::pair{common + 12, 0x37U}, std::pair{common + 12, 0xffff'ffffU}, std::pair{notify + 12, 1U}}) {
        Setup s;
        s.pci.words[static_cast<u8>(at)] = word;
        REQUIRE_FALSE(s.found());
    }
}

TEST_CASE("ND-1 a list of capabilities that loops ends") {
    Setup s;
    s.pci.words[notify] = (s.pci.words[notify] & ~u32{0xff00}) | u32{common} << 8;
    REQUIRE_FALSE(s.found());
}

TEST_CASE("ND-1 a queue whose doorbell lies outside, or whose size is no power of two, is none") {
    Setup s;
    s.pci.words[notify + 16] = 0x1000;  // the multiplier
    auto transport = *virtio::Transport::find(pci::Function{{0, 2, 0}});
    auto const ring = *virtio::SplitRing::create(4);
    REQUIRE(transport.enable_queue(0, ring, 0));
    REQUIRE(transport.enable_queue(1, ring, 0).error() == Errno::nodev);
    s.chip.largest_queue = 255;
    REQUIRE(transport.queue_size(2) == 0);
    s.chip.largest_queue = 0x8000;
    REQUIRE(transport.queue_size(2) == virtio::most_places);
    REQUIRE(transport.queue_size(100) == 0);
}

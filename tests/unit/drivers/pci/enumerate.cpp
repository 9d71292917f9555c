// SPDX-License-Identifier: MIT
#include "drivers/pci/enumerate.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <vector>

namespace {

using pci::Address;
using Words = std::map<u8, u32>;

std::map<Address, Words> space;  // of all functions that answer

constexpr u32 multi_function = 1u << 23, bridge_layout = 1u << 16;

void card(Address at, u32 header = 0) {
    space[at] = {{0x00, 0x10c9'8086}, {0x0c, header}};
}
void bridge(Address at, u8 secondary) {
    space[at] = {{0x00, 0x0001'1b36},
                 {0x08, u32{pci::class_pci_bridge} << 16},
                 {0x0c, bridge_layout},
                 {0x18, u32{secondary} << 16 | u32{secondary} << 8}};
}

std::vector<Address> found() {
    std::vector<Address> all;
    for (auto const& function : pci::enumerate())
        all.push_back(function.address());
    return all;
}

}  // namespace

// A machine of several functions, in place of the one that tests of drivers have.
namespace pci::host {

u32 read32(Address at, u8 offset) {
    auto const function = space.find(at);
    return function == space.end() ? ~u32{0} : function->second[offset];
}
void write16(Address, u8, u16) {}
void write32(Address, u8, u32) {}
Result<> announce(Address) {
    return {};
}
Result<io::Interrupt> connect_msix(Address, Maddr, u16, io::InterruptHandler) {
    return Fail{Errno::nodev};
}

}  // namespace pci::host

TEST_CASE("functions are found on their bus, and behind bridges, in order") {
    space.clear();
    card({0, 1, 0}, multi_function);
    card({0, 1, 3});
    card({0, 2, 0});
    card({0, 2, 1});  // which the first does not speak of
    bridge({0, 3, 0}, 5);
    card({5, 0, 0});
    card({9, 0, 0});  // behind no bridge
    CHECK(found() == std::vector<Address>{{0, 1, 0}, {0, 1, 3}, {0, 2, 0}, {0, 3, 0}, {5, 0, 0}});
}

TEST_CASE("ND-1 bridges that name each other's buses are followed once") {
    space.clear();
    bridge({0, 1, 0}, 7);
    bridge({7, 0, 0}, 0);
    bridge({7, 1, 0}, 7);
    bridge({7, 2, 0}, 7);
    CHECK(found().size() == 4);
}

TEST_CASE("a machine without functions has none") {
    space.clear();
    CHECK(found().empty());
}

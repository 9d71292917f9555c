// SPDX-License-Identifier: MIT
// Ports of guests: what is refused, and how PCI configuration space is reached.
// No port is touched here; where one would be, the test ends.
#include "arch/pv/emulate.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <optional>
#include <vector>

#include "arch/platform/pci_config.hpp"
#include "arch/platform/ports.hpp"
#include "tests/host/domains.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace {

struct Access {
    arch::PciAddress at;
    unsigned bytes;
    bool operator==(Access const& other) const {
        return at.bus == other.at.bus && at.devfn == other.at.devfn && at.offset == other.at.offset &&
               bytes == other.bytes;
    }
};
std::vector<Access> reads, writes;

constexpr std::array<unsigned, 3> widths{1, 2, 4};
constexpr u32 all_ones(unsigned bytes) {
    return ~u32{0} >> (32 - 8 * bytes);
}

}  // namespace

// Every port but PCI's belongs to the hypervisor, or this one alone.
std::optional<u16> only_kept;
bool arch::port_is_ours(u16 port) {
    return !only_kept || port == *only_kept;
}
u32 arch::pci_config_read(PciAddress at, unsigned bytes) {
    reads.push_back({at, bytes});
    return 0x12345678 & all_ones(bytes);
}
// For functions that were given away, which nobody has here.
void arch::pci_config_write(PciAddress, unsigned, u32) {
    FAIL("wrote without a look at what");
}
void arch::pci_config_write_guest(PciAddress at, unsigned bytes, u32) {
    writes.push_back({at, bytes});
}

TEST_CASE("CP-2 CP-1 a guest without the right reads all ones of the width it asked for") {
    host::TestDomain guest{1};
    reads.clear();
    for (u32 port = 0; port < 0x10000; ++port)
        for (unsigned const bytes : widths) {
            if (pv::port_in(guest.vcpu(), static_cast<u16>(port), bytes) != all_ones(bytes))
                FAIL("port " << port << ", " << bytes << " bytes");
            REQUIRE(pv::port_out(guest.vcpu(), static_cast<u16>(port), bytes, 0));
        }
    REQUIRE(reads.empty());
    REQUIRE(writes.empty());
}

TEST_CASE("CP-1 what the hypervisor uses is not there for the hardware domain either") {
    host::TestDomain driver{1, {.control = false, .hardware = true, .console = false}};
    for (u32 port = 0; port < 0x10000; ++port)
        if (port < 0xcf8 || port > 0xcff)
            for (unsigned const bytes : widths) {
                if (pv::port_in(driver.vcpu(), static_cast<u16>(port), bytes) != all_ones(bytes))
                    FAIL("port " << port << ", " << bytes << " bytes");
                REQUIRE(pv::port_out(driver.vcpu(), static_cast<u16>(port), bytes, 0));
            }
}

TEST_CASE("CP-1 an access to a kept port is none, whichever of its bytes it is") {
    host::TestDomain driver{1, {.control = false, .hardware = true, .console = false}};
    for (u16 const kept : {u16{0}, u16{0x64}, u16{0xcf7}, u16{0xcf8}, u16{0xffff}})
        for (unsigned const bytes : widths)
            for (unsigned before = 0; before < bytes; ++before) {
                u16 const first = static_cast<u16>(kept - before);
                if (kept == 0xcf8 && before == 0)
                    continue;  // the latch itself
                only_kept = kept;
                CHECK(pv::port_in(driver.vcpu(), first, bytes) == all_ones(bytes));
                CHECK(pv::port_out(driver.vcpu(), first, bytes, 0).has_value());
            }
    only_kept.reset();
}

TEST_CASE("CP-1 configuration space is reached through a latch of the domain's own") {
    host::TestDomain driver{1, {.control = false, .hardware = true, .console = false}};
    Vcpu& v = driver.vcpu();
    reads.clear();
    writes.clear();
    REQUIRE(pv::port_out(v, 0xcf8, 4, 0x0001'2340));  // not enabled
    REQUIRE(pv::port_in(v, 0xcfc, 4) == ~u32{0});
    REQUIRE(reads.empty());
    REQUIRE(pv::port_out(v, 0xcf8, 4, 0x8001'2344));
    REQUIRE(pv::port_in(v, 0xcf8, 4) == 0x8001'2344);
    REQUIRE(pv::port_in(v, 0xcfd, 1) == 0x78);
    REQUIRE(pv::port_out(v, 0xcfe, 2, 7));
    REQUIRE(reads == std::vector{Access{{1, 0x23, 0x45}, 1}});
    REQUIRE(writes == std::vector{Access{{1, 0x23, 0x46}, 2}});
    // A narrow access to the address port is none.
    REQUIRE(pv::port_out(v, 0xcf8, 1, 0));
    REQUIRE(pv::port_in(v, 0xcf8, 4) == 0x8001'2344);
    REQUIRE(pv::port_in(v, 0xcfa, 2) == 0xffff);
}

// SPDX-License-Identifier: MIT
// Configuration space of a function that a domain was given.
#include "arch/pv/assigned_config.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <vector>

#include "arch/platform/pci_config.hpp"

namespace {

struct Write {
    u16 at;
    unsigned bytes;
    u32 value;
    bool guarded;  // through the look at what a guest may change
    bool operator==(Write const&) const = default;
};
std::vector<Write> writes;
u32 word_there = 0;

constexpr u16 command = 4, first_bar = 0x10, line = 0x3c, capability = 0x50;
constexpr u32 memory = 2, ports = 1, master = 4;

AssignedFunction& function() {
    static AssignedFunction f;
    machine::BarWords bars{};
    for (usize n = 0; n < machine::bar_count; ++n)
        bars.value[n] = 0xf0000000 + static_cast<u32>(n << 16);
    f.begin({1, 8}, bars);
    writes.clear();
    word_there = 0;
    return f;
}

}  // namespace

u32 arch::pci_config_read(PciAddress, unsigned bytes) {
    return word_there & (~u32{0} >> (32 - 8 * bytes));
}
void arch::pci_config_write(PciAddress at, unsigned bytes, u32 value) {
    writes.push_back({at.offset, bytes, value, false});
}
void arch::pci_config_write_guest(PciAddress at, unsigned bytes, u32 value) {
    writes.push_back({at.offset, bytes, value, true});
}

TEST_CASE("IO-5 what a domain writes to base addresses is shown to it and moves nothing") {
    auto& f = function();
    u32 const before = pv::read_assigned(f, first_bar, 4);
    pv::write_assigned(f, first_bar, 4, ~u32{0});
    CHECK(writes.empty());
    CHECK(f.real_bar(0) == 0xf0000000);
    for (unsigned at = 0; at < 4; ++at)
        CHECK(pv::read_assigned(f, static_cast<u16>(first_bar + at), 1) ==
              (pv::read_assigned(f, first_bar, 4) >> 8 * at & 0xff));
    pv::write_assigned(f, first_bar, 2, 0x1234);
    pv::write_assigned(f, first_bar + 1, 4, 0x1234);
    CHECK(writes.empty());
    pv::write_assigned(f, first_bar, 4, before);
    CHECK(pv::read_assigned(f, first_bar, 4) == before);
}

TEST_CASE("IO-5 a function turned on again has its own addresses, and no ports") {
    auto& f = function();
    pv::write_assigned(f, command, 2, memory | ports | master);
    REQUIRE(writes.size() == machine::bar_count + 1);
    for (usize n = 0; n < machine::bar_count; ++n)
        CHECK(writes[n] == Write{static_cast<u16>(first_bar + 4 * n), 4, f.real_bar(n), false});
    CHECK(writes.back() == Write{command, 2, memory | master, false});
    writes.clear();
    word_there = memory | ports;
    pv::write_assigned(f, command, 2, memory);
    CHECK(writes == std::vector{Write{command, 2, memory | ports, false}});
}

TEST_CASE("IO-5 the header's rest is read only, and capabilities have their own rules") {
    auto& f = function();
    word_there = 0x12345678;
    CHECK(pv::read_assigned(f, 0, 4) == 0x12345678);
    CHECK(pv::read_assigned(f, line, 1) == 0x78);
    pv::write_assigned(f, 0, 4, 1);
    pv::write_assigned(f, line - 0x0c, 4, 1);  // the ROM's address
    CHECK(writes.empty());
    pv::write_assigned(f, capability, 4, 7);
    CHECK(writes == std::vector{Write{capability, 4, 7, true}});
}

// SPDX-License-Identifier: MIT
#include "arch/platform/acpi/discover.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <map>

#include "arch/mm/firmware_map.hpp"
#include "tests/unit/arch/platform/acpi/tables.hpp"

namespace {

// The machine's memory: 1 MiB, with tables where the test puts them.
std::vector<u8> memory(0x100000);

void place(u64 at, std::vector<u8> const& bytes) {
    std::copy(bytes.begin(), bytes.end(), memory.begin() + static_cast<long>(at));
}

// A whole machine of firmware; tables lie at 0x10000, 0x11000, ...
std::vector<u8> build() {
    std::ranges::fill(memory, u8{0});
    place(0x10000, typical_madt());
    place(0x11000, typical_fadt());
    place(0x7000, typical_dsdt());
    Table list{"RSDT"};
    list.add(u32{0x10000}).add(u32{0x11000}).add(u32{0xfffff000}).add(u32{0x12000});
    place(0x13000, list.finish());
    return root_pointer(0, 0x13000, 0);
}

}  // namespace

Result<std::span<u8 const>> arch::map_firmware(Maddr start, u64 bytes) {
    if (bytes > memory.size() || start.raw() > memory.size() - bytes)
        return Fail{Errno::inval};
    return std::span<u8 const>{memory}.subspan(start.raw(), bytes);
}

TEST_CASE("ACPI: the loader's root pointer leads to all tables") {
    auto const m = acpi::discover(build());
    CHECK(m.found);
    CHECK(m.interrupts.has_value());
    CHECK(m.power.has_value());
    CHECK(m.soft_off.has_value());
    CHECK(m.damaged == 2);  // one outside of memory, one all zeros
}

TEST_CASE("ACPI: without a loader's pointer the BIOS's areas are searched") {
    auto const pointer = build();
    place(0xf0010, pointer);
    CHECK(acpi::discover({}).found);
    std::ranges::fill(memory, u8{0});
    CHECK_FALSE(acpi::discover({}).found);
    build();
    place(0x9fc00, pointer);
    place(0x40e, {0xc0, 0x9f});
    CHECK(acpi::discover({}).found);
}

TEST_CASE("ACPI: a damaged table is skipped, the others count") {
    auto const pointer = build();
    ++memory[0x10000 + 50];
    auto const m = acpi::discover(pointer);
    CHECK_FALSE(m.interrupts.has_value());
    CHECK(m.power.has_value());
    CHECK(m.damaged == 3);
}

TEST_CASE("ACPI: no change of firmware memory makes discovery read outside") {
    REQUIRE(rc::check([] {
        auto const pointer = build();
        constexpr std::array<u64, 4> tables{0x10000, 0x11000, 0x13000, 0x7000};
        for (auto const& [table, at, v] : *rc::gen::container<std::vector<std::tuple<u8, u8, u8>>>(
                 rc::gen::arbitrary<std::tuple<u8, u8, u8>>()))
            memory[tables[table % 4] + at] = v;
        static_cast<void>(acpi::discover(pointer));
    }));
}

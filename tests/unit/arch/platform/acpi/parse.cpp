// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "tests/unit/arch/platform/acpi/tables.hpp"

TEST_CASE("ACPI's root pointer is found on 16-byte boundaries only") {
    std::vector<u8> area(256);
    auto const pointer = root_pointer(0, 0x1234, 0);
    std::copy(pointer.begin(), pointer.begin() + 20, area.begin() + 64);
    auto const found = acpi::find_root_pointer(area);
    REQUIRE(found.has_value());
    CHECK(found->table == Maddr{0x1234});
    CHECK_FALSE(found->wide);
    area.insert(area.begin(), 0);
    CHECK_FALSE(acpi::find_root_pointer(area));
}

TEST_CASE("ACPI's root pointer of version 2 names the table of 64-bit addresses") {
    auto const found = acpi::parse_root_pointer(root_pointer(2, 0x1234, 0x123456789));
    REQUIRE(found.has_value());
    CHECK(found->table == Maddr{0x123456789});
    CHECK(found->wide);
}

TEST_CASE("a root pointer with a wrong checksum or cut short is none") {
    auto b = root_pointer(0, 0x1234, 0);
    CHECK_FALSE(acpi::parse_root_pointer(std::span{b}.first(19)));
    CHECK_FALSE(acpi::parse_root_pointer({}));
    ++b[17];
    CHECK_FALSE(acpi::parse_root_pointer(b));
}

TEST_CASE("the longer part of a root pointer is used only when its checksum holds") {
    auto b = root_pointer(2, 0x1234, 0x99999);
    ++b[24];
    auto const found = acpi::parse_root_pointer(b);
    REQUIRE(found.has_value());
    CHECK(found->table == Maddr{0x1234});
}

TEST_CASE("a table is valid with its whole length and a checksum of zero") {
    auto t = typical_madt();
    CHECK(acpi::valid_table(t));
    CHECK_FALSE(acpi::valid_table(std::span{t}.first(t.size() - 1)));
    ++t[40];
    CHECK_FALSE(acpi::valid_table(t));
    CHECK_FALSE(acpi::valid_table({}));
}

TEST_CASE("the list of tables is read with entries of either width") {
    CHECK(acpi::root_entries(Table{"RSDT"}.add(u32{1}).add(u32{0}).add(u32{2}).finish(), false).size() == 2);
    auto const wide = acpi::root_entries(Table{"XSDT"}.add(u64{1} << 40).finish(), true);
    REQUIRE(wide.size() == 1);
    CHECK(wide[0] == Maddr{u64{1} << 40});
}

TEST_CASE("MADT names CPUs, interrupt controllers and how ISA interrupts are wired") {
    auto const m = acpi::parse_interrupts(typical_madt());
    REQUIRE(m.has_value());
    CHECK(m->local_apic == 0xfee00000);
    REQUIRE(m->cpus.size() == 1);
    REQUIRE(m->io_apics.size() == 1);
    CHECK(m->io_apics[0].address == 0xfec00000);
    REQUIRE(m->overrides.size() == 2);
    CHECK(m->overrides[0].gsi == 2);
    CHECK_FALSE(m->overrides[0].level);
    CHECK(m->overrides[1].level);
    CHECK(m->overrides[1].active_low);
}

TEST_CASE("a MADT record of length 0, or longer than the table, ends the list") {
    Table t{"APIC"};
    t.add(u32{0xfee00000})
        .add(u32{1})
        .add({0, 8, 0, 7, 1, 0, 0, 0})
        .add({1, 0})
        .add({0, 8, 1, 1, 1, 0, 0, 0});
    CHECK(acpi::parse_interrupts(t.finish())->cpus.size() == 1);
    Table u{"APIC"};
    u.add(u32{0xfee00000}).add(u32{1}).add({0, 200, 0, 0});
    CHECK(acpi::parse_interrupts(u.finish())->cpus.empty());
    CHECK_FALSE(acpi::parse_interrupts({}));
}

TEST_CASE("a processor that is not enabled does not count") {
    Table t{"APIC"};
    t.add(u32{0xfee00000}).add(u32{1}).add({0, 8, 0, 0, 0, 0, 0, 0});
    CHECK(acpi::parse_interrupts(t.finish())->cpus.empty());
}

TEST_CASE("FADT tells how to switch off, reset and measure time") {
    auto const p = acpi::parse_power(typical_fadt());
    REQUIRE(p.has_value());
    CHECK(p->pm_timer_port == 0x608);
    CHECK(p->pm_timer_32bit);
    CHECK(p->pm1a_control == 0x604);
    CHECK(p->pm1a_event == 0x600);
    CHECK(p->pm1b_event == 0x700);
    CHECK(p->pm1_event_bytes == 4);
    CHECK(p->reset_port == 0xcf9);
    CHECK(p->reset_value == 0xf);
    CHECK(p->dsdt == Maddr{0x7000});
}

TEST_CASE("fields that an old, short FADT lacks count as zero") {
    auto const p = acpi::parse_power(Table{"FACP"}.at(64, u32{0x604}).at(112, u32{1u << 10}).finish());
    REQUIRE(p.has_value());
    CHECK(p->pm1a_control == 0x604);
    CHECK(p->reset_port == 0);
    CHECK_FALSE(acpi::parse_power(Table{"FACP"}.finish()));
}

TEST_CASE("ports beyond 64 KiB are no ports") {
    auto const p = acpi::parse_power(Table{"FACP"}.at(64, u32{0x10604}).at(112, u32{0}).finish());
    CHECK(p->pm1a_control == 0);
}

TEST_CASE("HPET's registers must lie in memory") {
    CHECK(acpi::parse_hpet(Table{"HPET"}.at(40, u8{0}).at(44, u64{0xfed00000}).finish()) ==
          Maddr{0xfed00000});
    CHECK_FALSE(acpi::parse_hpet(Table{"HPET"}.at(40, u8{1}).at(44, u64{0xfed0}).finish()));
    CHECK_FALSE(acpi::parse_hpet(Table{"HPET"}.finish()));
}

TEST_CASE("MCFG windows with their buses in the wrong order are left out") {
    Table t{"MCFG"};
    t.at(44, u64{0xb0000000}).at(52, u16{0}).at(54, u8{0}).at(55, u8{255}).at(56, u32{0});
    t.at(60, u64{0xc0000000}).at(68, u16{0}).at(70, u8{9}).at(71, u8{3}).at(72, u32{0});
    auto const w = acpi::parse_config_windows(t.finish());
    REQUIRE(w.size() == 1);
    CHECK(w[0].base == Maddr{0xb0000000});
    CHECK(w[0].last_bus == 255);
}

TEST_CASE("the sleep type for power-off is found in AML") {
    auto const s = acpi::find_soft_off(typical_dsdt());
    REQUIRE(s.has_value());
    CHECK(s->a == 5);
    CHECK(s->b == 6);
}

TEST_CASE("a name that is not a package of integers is passed over") {
    Table t{"DSDT"};
    t.add({'_', 'S', '5', '_', 0x08});                                // no package
    t.add({'_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x0c, 1, 2, 3, 4});  // a dword
    t.add({'_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x0a, 9, 0x00});     // out of range
    CHECK_FALSE(acpi::find_soft_off(t.finish()));
    CHECK_FALSE(acpi::find_soft_off(Table{"DSDT"}.add({'_', 'S', '5', '_', 0x12, 0xc6}).finish()));
    CHECK_FALSE(
        acpi::find_soft_off(Table{"DSDT"}.add({'_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x0a}).finish()));
}

TEST_CASE("no change of an ACPI table's bytes makes its parser read outside") {
    REQUIRE(rc::check([] {
        auto const kind = *rc::gen::inRange(0, 3);
        auto t = kind == 0 ? typical_madt() : kind == 1 ? typical_fadt() : typical_dsdt();
        for (auto const& [at, v] :
             *rc::gen::container<std::vector<std::pair<u16, u8>>>(rc::gen::arbitrary<std::pair<u16, u8>>()))
            t[at % t.size()] = v;
        t.resize(*rc::gen::inRange<usize>(0, t.size() + 1));
        // The sanitizers judge; every parser gets every table.
        static_cast<void>(acpi::valid_table(t));
        static_cast<void>(acpi::root_entries(t, true));
        static_cast<void>(acpi::root_entries(t, false));
        static_cast<void>(acpi::parse_interrupts(t));
        static_cast<void>(acpi::parse_power(t));
        static_cast<void>(acpi::parse_hpet(t));
        static_cast<void>(acpi::parse_config_windows(t));
        static_cast<void>(acpi::find_soft_off(t));
        static_cast<void>(acpi::find_root_pointer(t));
    }));
}

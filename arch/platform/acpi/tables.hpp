// SPDX-License-Identifier: MIT
// What we need to know from ACPI (specification 6.4, chapter 5), read from
// bytes that may be anything: lengths are checked, checksums verified, lists
// bounded. AML is not interpreted.
#pragma once

#include <optional>
#include <string_view>

#include "kernel/base/checked_bytes.hpp"
#include "kernel/base/fixed_vector.hpp"

namespace acpi {

// 5.2.5.3: where the list of all tables is.
struct RootPointer {
    Maddr table{};
    bool wide = false;  // XSDT with 64-bit entries, else RSDT
};
// The root pointer at the beginning of `bytes`, if one is there.
std::optional<RootPointer> parse_root_pointer(std::span<u8 const> bytes);
// 5.2.5.1: the first one in `area` on a 16-byte boundary.
std::optional<RootPointer> find_root_pointer(std::span<u8 const> area);

// 5.2.6: the head every table has.
struct TableHead {
    std::array<char, 4> signature;
    u32 length;
    u8 revision, checksum;
    std::array<char, 6> oem_id;
    std::array<char, 8> oem_table_id;
    u32 oem_revision, creator_id, creator_revision;

    [[nodiscard]] std::string_view name() const { return {signature.data(), signature.size()}; }
};
static_assert(sizeof(TableHead) == 36);

inline constexpr u32 max_table_bytes = 1u << 20;

// True when the bytes are one whole table whose checksum holds.
bool valid_table(std::span<u8 const> table);

using TableList = FixedVector<Maddr, 64>;
TableList root_entries(std::span<u8 const> table, bool wide);

// 5.2.12, interrupt controllers.
struct IoApic {
    u8 id;
    u32 address;
    u32 first_gsi;
};
// An ISA interrupt that is wired to another input or in another way.
struct Override {
    u8 isa_irq;
    u32 gsi;
    bool active_low;
    bool level;
};
struct Interrupts {
    u64 local_apic = 0xfee00000;
    FixedVector<u32, 64> cpus;  // APIC ids, enabled ones
    FixedVector<IoApic, 8> io_apics;
    FixedVector<Override, 24> overrides;
};
std::optional<Interrupts> parse_interrupts(std::span<u8 const> madt);

// The 32-bit counter of the HPET: its registers.
std::optional<Maddr> parse_hpet(std::span<u8 const> hpet);

// MCFG: memory windows of PCI configuration space.
struct ConfigWindow {
    Maddr base{};
    u16 segment;
    u8 first_bus, last_bus;
};
using ConfigWindows = FixedVector<ConfigWindow, 8>;
ConfigWindows parse_config_windows(std::span<u8 const> mcfg);

// 5.2.9, fixed hardware.
struct Power {
    u32 pm_timer_port = 0;  // 0: none
    bool pm_timer_32bit = false;
    u16 pm1a_control = 0, pm1b_control = 0;
    u16 pm1a_event = 0, pm1b_event = 0;
    u8 pm1_event_bytes = 0;
    u16 smi_command = 0;
    u8 acpi_enable = 0;
    u16 reset_port = 0;  // 0: none in I/O space
    u8 reset_value = 0;
    Maddr dsdt{};
};
std::optional<Power> parse_power(std::span<u8 const> fadt);

// Values for the sleep-type field that switch the machine off, from the
// object \_S5 as compilers always write it.
struct SleepType {
    u8 a, b;
};
std::optional<SleepType> find_soft_off(std::span<u8 const> dsdt);

}  // namespace acpi

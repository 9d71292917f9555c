// SPDX-License-Identifier: MIT
// HPET, MCFG and FADT: fields at fixed places.
#include "arch/platform/acpi/tables.hpp"

namespace acpi {
namespace {

// 5.2.3.2: an address with the space it lies in.
struct [[gnu::packed]] GenericAddress {
    u8 space, bit_width, bit_offset, access;
    u64 address;
};
constexpr u8 memory_space = 0, io_space = 1;

constexpr usize hpet_address = 40;

struct [[gnu::packed]] McfgEntry {
    u64 base;
    u16 segment;
    u8 first_bus, last_bus;
    u32 reserved;
};
constexpr usize mcfg_first = 44;

namespace fadt {
constexpr usize dsdt = 40, smi_command = 48, acpi_enable = 52, pm1a_event = 56, pm1b_event = 60,
                pm1a_control = 64, pm1b_control = 68, pm_timer = 76, pm1_event_bytes = 88, flags = 112,
                reset_register = 116, reset_value = 128, x_dsdt = 140;
constexpr u32 has_reset_register = 1u << 10, pm_timer_is_32bit = 1u << 8;
}  // namespace fadt

// Reads a field; one that a short (old) table lacks is zero, as the
// specification wants unknown fields to be taken.
template <class T>
T field(std::span<u8 const> table, usize at) {
    return CheckedBytes{table}.read<T>(at).value_or(T{});
}

constexpr u16 port_of(u32 address) {
    return address <= 0xffff ? static_cast<u16>(address) : u16{0};
}

}  // namespace

std::optional<Maddr> parse_hpet(std::span<u8 const> hpet) {
    auto const where = CheckedBytes{hpet}.read<GenericAddress>(hpet_address);
    if (!where || where->space != memory_space || where->address == 0)
        return {};
    return Maddr{where->address};
}

ConfigWindows parse_config_windows(std::span<u8 const> mcfg) {
    ConfigWindows list;
    for (usize at = mcfg_first; at + sizeof(McfgEntry) <= mcfg.size(); at += sizeof(McfgEntry)) {
        auto const e = field<McfgEntry>(mcfg, at);
        if (e.last_bus >= e.first_bus && !list.push({Maddr{e.base}, e.segment, e.first_bus, e.last_bus}))
            break;
    }
    return list;
}

std::optional<Power> parse_power(std::span<u8 const> table) {
    if (table.size() < fadt::flags + sizeof(u32))
        return {};
    u32 const flags = field<u32>(table, fadt::flags);
    Power p;
    p.pm_timer_port = port_of(field<u32>(table, fadt::pm_timer));
    p.pm_timer_32bit = (flags & fadt::pm_timer_is_32bit) != 0;
    p.pm1a_control = port_of(field<u32>(table, fadt::pm1a_control));
    p.pm1b_control = port_of(field<u32>(table, fadt::pm1b_control));
    p.pm1a_event = port_of(field<u32>(table, fadt::pm1a_event));
    p.pm1b_event = port_of(field<u32>(table, fadt::pm1b_event));
    p.pm1_event_bytes = field<u8>(table, fadt::pm1_event_bytes);
    p.smi_command = port_of(field<u32>(table, fadt::smi_command));
    p.acpi_enable = field<u8>(table, fadt::acpi_enable);
    auto const reset = field<GenericAddress>(table, fadt::reset_register);
    if ((flags & fadt::has_reset_register) != 0 && reset.space == io_space && reset.address <= 0xffff) {
        p.reset_port = static_cast<u16>(reset.address);
        p.reset_value = field<u8>(table, fadt::reset_value);
    }
    u64 const wide = field<u64>(table, fadt::x_dsdt);
    p.dsdt = Maddr{wide != 0 ? wide : field<u32>(table, fadt::dsdt)};
    return p;
}

}  // namespace acpi

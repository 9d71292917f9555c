// SPDX-License-Identifier: MIT
#include "arch/platform/acpi/discover.hpp"

#include "arch/mm/firmware_map.hpp"

namespace acpi {
namespace {

// 5.2.5.1: the extended BIOS data area, then the BIOS's own memory.
constexpr Maddr ebda_segment{0x40e};
constexpr u64 ebda_bytes = 1024;
constexpr Maddr bios_start{0xe0000};
constexpr u64 bios_bytes = 0x20000;

std::optional<RootPointer> search(Maddr start, u64 bytes) {
    auto const area = arch::map_firmware(start, bytes);
    return area ? find_root_pointer(*area) : std::nullopt;
}

std::optional<RootPointer> search_bios() {
    if (auto const pointer = arch::map_firmware(ebda_segment, sizeof(u16))) {
        u64 const ebda = u64{CheckedBytes{*pointer}.read<u16>(0).value_or(0)} << 4;
        if (ebda != 0)
            if (auto const found = search(Maddr{ebda}, ebda_bytes))
                return found;
    }
    return search(bios_start, bios_bytes);
}

// The whole table at an address, if it is one and its checksum holds.
std::optional<std::span<u8 const>> load(Maddr at) {
    auto const head = arch::map_firmware(at, sizeof(TableHead));
    if (!head)
        return {};
    u32 const length = CheckedBytes{*head}.read<TableHead>(0)->length;
    if (length < sizeof(TableHead) || length > max_table_bytes)
        return {};
    auto const table = arch::map_firmware(at, length);
    if (!table || !valid_table(*table))
        return {};
    return *table;
}

void take(std::span<u8 const> table, Machine& m) {
    TableHead const head = *CheckedBytes{table}.read<TableHead>(0);
    if (head.name() == "APIC")
        m.interrupts = parse_interrupts(table);
    else if (head.name() == "HPET")
        m.hpet = parse_hpet(table);
    else if (head.name() == "MCFG")
        m.config_windows = parse_config_windows(table);
    else if (head.name() == "FACP")
        m.power = parse_power(table);
}

}  // namespace

Machine discover(std::span<u8 const> from_loader) {
    Machine m;
    auto root = parse_root_pointer(from_loader);
    if (!root)
        root = search_bios();
    if (!root)
        return m;
    auto const list = load(root->table);
    if (!list)
        return m;
    m.found = true;
    for (Maddr const at : root_entries(*list, root->wide)) {
        if (auto const table = load(at))
            take(*table, m);
        else
            ++m.damaged;
    }
    if (m.power)
        if (auto const dsdt = load(m.power->dsdt))
            m.soft_off = find_soft_off(*dsdt);
    return m;
}

}  // namespace acpi

// SPDX-License-Identifier: MIT
// IM-1: any bytes as tables of the firmware: nothing outside of them is read
#include "arch/platform/acpi/tables.hpp"

#include <numeric>
#include <vector>

#include "tests/fuzz/support/input.hpp"

namespace {

// Length and checksum made right, or few inputs would get beyond them.
std::vector<u8> as_table(std::span<u8 const> bytes) {
    std::vector<u8> table(bytes.begin(), bytes.end());
    if (table.size() < sizeof(acpi::TableHead))
        return table;
    auto const length = static_cast<u32>(table.size());
    std::memcpy(table.data() + offsetof(acpi::TableHead, length), &length, sizeof length);
    u8& checksum = table[offsetof(acpi::TableHead, checksum)];
    checksum = 0;
    checksum = static_cast<u8>(-std::accumulate(table.begin(), table.end(), 0));
    return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, usize size) {
    fuzz::Input input{data, size};
    u32 const kind = input.below(8);
    auto const raw = input.bytes(size);
    auto const table = as_table(raw);
    switch (kind) {
        case 0:
            static_cast<void>(acpi::find_root_pointer(raw));
            break;
        case 1:
            static_cast<void>(acpi::parse_root_pointer(raw));
            break;
        case 2:
            static_cast<void>(acpi::root_entries(table, size % 2 == 0));
            break;
        case 3:
            static_cast<void>(acpi::parse_interrupts(table));
            break;
        case 4:
            static_cast<void>(acpi::parse_hpet(table));
            break;
        case 5:
            for (auto const& window : acpi::parse_config_windows(table))
                fuzz::require(window.first_bus <= window.last_bus, "buses are in order");
            break;
        case 6:
            static_cast<void>(acpi::parse_power(table));
            break;
        default:
            static_cast<void>(acpi::find_soft_off(raw));
    }
    return 0;
}

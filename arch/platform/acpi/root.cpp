// SPDX-License-Identifier: MIT
// From the root pointer to the list of tables.
#include <algorithm>

#include "arch/platform/acpi/tables.hpp"

namespace acpi {
namespace {

struct [[gnu::packed]] RawRootPointer {
    std::array<char, 8> signature;
    u8 checksum;
    std::array<char, 6> oem_id;
    u8 revision;
    u32 rsdt;
    // From revision 2 on:
    u32 length;
    u64 xsdt;
    u8 extended_checksum;
    std::array<u8, 3> reserved;
};
static_assert(sizeof(RawRootPointer) == 36);
constexpr usize first_version_bytes = 20;

bool sums_to_zero(std::span<u8 const> bytes) {
    u8 sum = 0;
    for (u8 const b : bytes)
        sum = static_cast<u8>(sum + b);
    return sum == 0;
}

}  // namespace

std::optional<RootPointer> parse_root_pointer(std::span<u8 const> bytes) {
    if (bytes.size() < first_version_bytes)
        return {};
    RawRootPointer raw{};
    std::memcpy(&raw, bytes.data(), std::min(bytes.size(), sizeof raw));
    if (std::string_view{raw.signature.data(), raw.signature.size()} != "RSD PTR " ||
        !sums_to_zero(bytes.first(first_version_bytes)))
        return {};
    bool const wide = raw.revision >= 2 && bytes.size() >= sizeof raw &&
                      sums_to_zero(bytes.first(sizeof raw)) && raw.xsdt != 0;
    if (wide)
        return RootPointer{Maddr{raw.xsdt}, true};
    return RootPointer{Maddr{raw.rsdt}, false};
}

std::optional<RootPointer> find_root_pointer(std::span<u8 const> area) {
    for (usize at = 0; at + first_version_bytes <= area.size(); at += 16)
        if (auto const found = parse_root_pointer(area.subspan(at)))
            return found;
    return {};
}

bool valid_table(std::span<u8 const> table) {
    auto const head = CheckedBytes{table}.read<TableHead>(0);
    return head && head->length == table.size() && sums_to_zero(table);
}

TableList root_entries(std::span<u8 const> table, bool wide) {
    TableList list;
    CheckedBytes const bytes{table};
    usize const step = wide ? sizeof(u64) : sizeof(u32);
    for (usize at = sizeof(TableHead); at + step <= table.size(); at += step) {
        u64 const address = wide ? bytes.read<u64>(at).value_or(0) : bytes.read<u32>(at).value_or(0);
        if (address != 0 && !list.push(Maddr{address}))
            break;
    }
    return list;
}

}  // namespace acpi

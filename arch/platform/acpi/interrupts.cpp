// SPDX-License-Identifier: MIT
// MADT: a list of records, each with its type and length.
#include "arch/platform/acpi/tables.hpp"

namespace acpi {
namespace {

constexpr usize first_record = 44;
constexpr u16 polarity_mask = 3, polarity_low = 3;
constexpr u16 trigger_mask = 3 << 2, trigger_level = 3 << 2;
constexpr u32 cpu_enabled = 1;

struct [[gnu::packed]] LocalApic {
    u8 type, length;
    u8 processor, apic_id;
    u32 flags;
};
struct [[gnu::packed]] IoApicRecord {
    u8 type, length;
    u8 id, reserved;
    u32 address, first_gsi;
};
struct [[gnu::packed]] OverrideRecord {
    u8 type, length;
    u8 bus, isa_irq;
    u32 gsi;
    u16 flags;
};
struct [[gnu::packed]] LocalApicAddress {
    u8 type, length;
    u16 reserved;
    u64 address;
};
struct [[gnu::packed]] LocalX2Apic {
    u8 type, length;
    u16 reserved;
    u32 x2apic_id, flags, processor;
};

template <class T>
std::optional<T> as(std::span<u8 const> record) {
    return CheckedBytes{record}.read<T>(0);
}

// Lists that are full take no more: the machine then has more than we use.
void take(std::span<u8 const> record, Interrupts& out) {
    switch (record[0]) {
        case 0:
            if (auto const r = as<LocalApic>(record); r && (r->flags & cpu_enabled) != 0)
                static_cast<void>(out.cpus.push(r->apic_id));
            break;
        case 1:
            if (auto const r = as<IoApicRecord>(record))
                static_cast<void>(out.io_apics.push({r->id, r->address, r->first_gsi}));
            break;
        case 2:
            if (auto const r = as<OverrideRecord>(record))
                static_cast<void>(
                    out.overrides.push({r->isa_irq, r->gsi, (r->flags & polarity_mask) == polarity_low,
                                        (r->flags & trigger_mask) == trigger_level}));
            break;
        case 5:
            if (auto const r = as<LocalApicAddress>(record))
                out.local_apic = r->address;
            break;
        case 9:
            if (auto const r = as<LocalX2Apic>(record); r && (r->flags & cpu_enabled) != 0)
                static_cast<void>(out.cpus.push(r->x2apic_id));
            break;
        default:
            break;
    }
}

}  // namespace

std::optional<Interrupts> parse_interrupts(std::span<u8 const> madt) {
    CheckedBytes const bytes{madt};
    auto const local_apic = bytes.read<u32>(sizeof(TableHead));
    if (!local_apic)
        return {};
    Interrupts out;
    out.local_apic = *local_apic;
    for (usize at = first_record; at + 2 <= madt.size();) {
        usize const length = madt[at + 1];
        auto const record = bytes.range(at, length);
        if (length < 2 || !record)
            break;
        take(*record, out);
        at += length;
    }
    return out;
}

}  // namespace acpi

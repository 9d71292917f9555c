// SPDX-License-Identifier: MIT
// Mappings of what is not RAM: device registers, and tables of the firmware.
// They live in L4 slot 259 and are never taken away; asking twice for the same
// pages gives the same mapping.
#include <algorithm>

#include "arch/mm/device_frames.hpp"
#include "arch/mm/firmware_map.hpp"
#include "arch/mm/page_tables.hpp"
#include "kernel/base/fixed_vector.hpp"
#include "kernel/sync/lock.hpp"

namespace arch {
namespace {

constexpr u64 device =
    pte::present | pte::writable | pte::accessed | pte::dirty | pte::pwt | pte::pcd | pte::no_execute;
constexpr u64 firmware = pte::present | pte::accessed | pte::no_execute;
constexpr u64 space = u64{1} << 39;  // one L4 slot

struct Mapping {
    Maddr start{};
    u64 bytes = 0;
    u64 flags = 0;
    u64 va = 0;
};

constexpr usize most_mappings = 512;

struct Mappings {
    FixedVector<Mapping, most_mappings> made;
    u64 next = mmio_base;
    u64 end = mmio_base + space;  // later: of what has tables
};
constinit Locked<Mappings, Rank::device_map> mappings;

u64 find(Mappings const& all, Maddr start, u64 bytes, u64 flags) {
    for (Mapping const& m : all.made)
        if (m.flags == flags && m.start <= start && start + bytes <= m.start + m.bytes)
            return m.va + (start - m.start);
    return 0;
}

Result<void*> map(Maddr start, u64 bytes, u64 flags) {
    u64 const offset = offset_in_page(start);
    if (bytes == 0 || start.raw() >= pte_address || bytes > space / 2)
        return Fail{Errno::inval};
    Maddr const first = start - offset;
    u64 const size = round_up(offset + bytes, page_size);
    auto all = mappings.lock();
    u64 va = find(*all, first, size, flags);
    if (va == 0) {
        va = all->next;
        if (size > all->end - va || all->made.size() == most_mappings)
            return Fail{Errno::nomem};
        // What we drive ourselves the hardware domain may only look at.
        if (flags == device && !restrict_device_frames(first, size, DeviceAccess::read_only))
            return Fail{Errno::nomem};
        ASSERT(all->made.push({first, size, flags, va}));
        all->next += size;
        map_range(master_l4(), va, first, size, flags, page_size);
    }
    return reinterpret_cast<void*>(va + offset);
}

}  // namespace

Result<void*> map_device(Maddr start, u64 bytes) {
    return map(start, bytes, device);
}

// Each is for one message, whose 16 bytes lie in two pages at most.
void prepare_device_maps() {
    auto all = mappings.lock();
    u64 const most = (most_mappings - all->made.size()) * 2 * page_size;
    all->end = round_up(std::min(all->next + most, all->end), page_2m);
    for (u64 va = all->next; va < all->end; va = round_up(va + 1, page_2m))
        static_cast<void>(table_for(master_l4(), va, 1));
}

Result<std::span<u8 const>> map_firmware(Maddr start, u64 bytes) {
    return std::span{static_cast<u8 const*>(TRY(map(start, bytes, firmware))), bytes};
}

}  // namespace arch

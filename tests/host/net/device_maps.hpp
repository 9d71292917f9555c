// SPDX-License-Identifier: MIT
// Stands in for the hypervisor where pages are mapped for devices alone: granted
// pages that models of cards can reach, and a record of what is mapped.
#pragma once

#include <map>

#include "dom0/net/netback/device_maps.hpp"
#include "drivers/io/dma.hpp"

namespace guest {

// By reference; fresh for each test.
inline std::map<u32, io::DmaMemory> device_pages;
inline std::map<grant_handle_t, u32> device_mapped;  // references by handle
inline unsigned map_calls = 0;

inline void grant_to_devices(u32 first, u32 count) {
    device_pages.clear();
    device_mapped.clear();
    map_calls = 0;
    for (u32 ref = first; ref < first + count; ++ref)
        device_pages.emplace(ref, *io::DmaMemory::allocate(page_size));
}

inline Result<> map_for_devices(std::span<gnttab_map_grant_ref_t> ops) {
    static grant_handle_t next = 0;
    ++map_calls;
    for (auto& op : ops) {
        auto const page = device_pages.find(op.ref);
        bool const good = page != device_pages.end() && op.host_addr == 0 &&
                          (op.flags & ~u32{GNTMAP_readonly}) == GNTMAP_device_map;
        op.status = good ? GNTST_okay : GNTST_bad_gntref;
        if (!good)
            continue;
        op.handle = ++next;
        op.dev_bus_addr = page->second.maddr().raw();
        device_mapped[op.handle] = op.ref;
    }
    return {};
}

// Of handles that are none, or by a wrong address, the tests shall hear.
inline void unmap_for_devices(std::span<gnttab_unmap_grant_ref_t> ops) {
    for (auto& op : ops) {
        auto const ref = device_mapped.at(op.handle);
        bool const right = device_pages.at(ref).maddr().raw() == op.dev_bus_addr && op.host_addr == 0;
        op.status = right ? GNTST_okay : GNTST_bad_dev_addr;
        if (right)
            device_mapped.erase(op.handle);
    }
}

inline constexpr netback::DeviceCalls device_calls{map_for_devices, unmap_for_devices};

}  // namespace guest

// SPDX-License-Identifier: MIT
// The hypervisor's master page tables. Every guest L4 carries a copy of slots
// 256..271 of the master; the tables below those slots are shared by all.
#pragma once

#include <array>
#include <span>

#include "arch/mm/layout.hpp"
#include "kernel/base/result.hpp"
#include "kernel/init/boot_info.hpp"

namespace arch {

namespace pte {
inline constexpr u64 present = 1, writable = 2, user = 4, pwt = 8, pcd = 16, accessed = 32, dirty = 64,
                     large = 128, global = 256, no_execute = u64{1} << 63;
}  // namespace pte

// Master L4 for idle CPUs and for the copy.
Maddr master_l4();
// Entries for slots 256..271 as every guest root must carry them (PT-05).
// `user_root`: a root for guest user mode has no M2P.
std::span<u64 const, 16> hypervisor_slots();

// The L1 entries of this CPU's GDT/LDT window: 32 of them, GDT first.
u64* window_entries(CpuId cpu);

// Maps device memory for the hypervisor itself, uncached. Never unmapped.
Result<void*> map_device(Maddr start, u64 bytes);
// At the end of boot: what is mapped from now on, at a domain's request, asks for no
// memory. All that it may be has its tables.
void prepare_device_maps();

// Builds everything from the boot memory map, with frames from the boot
// allocator, loads it, and enforces W^X and guard pages.
void init_paging(BootInfo const& info);

}  // namespace arch

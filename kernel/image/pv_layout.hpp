// SPDX-License-Identifier: MIT
// The plan of a PV guest's memory at its start: which frames hold the kernel,
// the ramdisk, the P2M list, the shared pages and the page tables.
//
//     virt_base                                              multiple of 4 MiB
//     | RAM | kernel | ramdisk | P2M | start store console | tables | stack | pad |
//
// All of it is mapped in this order, one linear stretch from PFN 0. A kernel
// that says so in its notes gets ramdisk and P2M list after the stretch: the
// ramdisk unmapped, the list mapped at an address of the kernel's choice.
#pragma once

#include <optional>

#include "kernel/image/kernel.hpp"

namespace image {

struct PageRange {
    Pfn first{};
    u64 count = 0;
    [[nodiscard]] constexpr Pfn end() const { return first + count; }
    [[nodiscard]] constexpr bool contains(Pfn pfn) const { return pfn >= first && pfn < end(); }
};

// The page tables for one stretch of addresses, below the one L4. Each level is
// a run of frames, in the order of the addresses it maps.
struct TableSet {
    Vaddr start{};     // first address mapped
    PageRange target;  // frames mapped there
    PageRange l3, l2, l1;

    // Places the tables for `target` at `start` in the frames from `tables` on.
    static TableSet plan(Vaddr start, PageRange target, Pfn tables);
    static u64 frames_needed(Vaddr start, u64 pages);
    [[nodiscard]] u64 frames() const { return l3.count + l2.count + l1.count; }
};

struct PvRequest {
    u64 pages = 0;          // of the whole domain
    u64 ramdisk_bytes = 0;  // 0: none
    bool rings = true;      // pages for store and console; dom0 has neither
};

struct PvLayout {
    Vaddr base{};  // where PFN 0 is mapped
    u64 pages = 0;
    u64 mapped = 0;  // frames in the linear stretch
    Vaddr entry{};
    std::optional<Vaddr> hypercall_page;

    PageRange kernel, ramdisk, p2m, start_info, store, console, tables, stack;
    u64 ramdisk_bytes = 0;
    Pfn l4{};
    TableSet linear;
    std::optional<TableSet> p2m_map;  // when the list lies outside of the stretch

    static Loadable<PvLayout> plan(Kernel const& kernel, PvRequest const& request);

    [[nodiscard]] Vaddr address_of(Pfn pfn) const { return base + (pfn.raw() << page_shift); }
    [[nodiscard]] bool is_mapped(Pfn pfn) const { return pfn.raw() < mapped; }
    [[nodiscard]] Vaddr p2m_address() const { return p2m_map ? p2m_map->start : address_of(p2m.first); }
    [[nodiscard]] Vaddr stack_top() const { return address_of(stack.end()); }
};

}  // namespace image

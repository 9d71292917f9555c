// SPDX-License-Identifier: MIT
// Fills the page tables of a new guest. Entries hold machine frames; tables
// themselves are mapped read-only, as direct paging demands.
#include "kernel/image/pv_writer.hpp"

namespace image {
namespace {

constexpr u64 present = 1 << 0, writable = 1 << 1, user = 1 << 2, accessed = 1 << 5, dirty = 1 << 6;
constexpr u64 upper_flags = present | writable | user | accessed | dirty;
constexpr u64 leaf_flags = present | accessed;
constexpr u64 slots = page_size / sizeof(u64);

constexpr u64 slot_of(Vaddr address, unsigned shift) {
    return (address.raw() >> shift) % slots;
}

u64 entry_for(GuestMemory const& memory, Pfn pfn, u64 flags) {
    return maddr_of(memory.frame(pfn)).raw() | flags;
}

bool is_table(PvLayout const& layout, Pfn pfn) {
    return layout.tables.contains(pfn);
}

// Links `children`, a run of frames, into the run of tables `parents`, the
// first of them at the slot `first` of the first table.
Result<> link(GuestMemory const& memory, PageRange parents, u64 first, PageRange children) {
    for (u64 i = 0; i < children.count;) {
        u64 const at = first + i;
        auto const table = TRY(memory.entries(parents.first + at / slots));
        for (u64 slot = at % slots; slot < slots && i < children.count; ++slot, ++i)
            table[slot] = entry_for(memory, children.first + i, upper_flags);
    }
    return {};
}

Result<> fill_leaves(PvLayout const& layout, GuestMemory const& memory, TableSet const& set) {
    u64 const first = slot_of(set.start, page_shift);
    for (u64 i = 0; i < set.target.count;) {
        u64 const at = first + i;
        auto const table = TRY(memory.entries(set.l1.first + at / slots));
        for (u64 slot = at % slots; slot < slots && i < set.target.count; ++slot, ++i) {
            Pfn const pfn = set.target.first + i;
            table[slot] = entry_for(memory, pfn, is_table(layout, pfn) ? leaf_flags : leaf_flags | writable);
        }
    }
    return {};
}

Result<> write_set(PvLayout const& layout, GuestMemory const& memory, TableSet const& set) {
    TRY_VOID(fill_leaves(layout, memory, set));
    TRY_VOID(link(memory, set.l2, slot_of(set.start, 21), set.l1));
    TRY_VOID(link(memory, set.l3, slot_of(set.start, 30), set.l2));
    return link(memory, PageRange{layout.l4, 1}, slot_of(set.start, 39), set.l3);
}

}  // namespace

Result<> write_tables(PvLayout const& layout, GuestMemory const& memory) {
    TRY_VOID(write_set(layout, memory, layout.linear));
    if (layout.p2m_map)
        TRY_VOID(write_set(layout, memory, *layout.p2m_map));
    return {};
}

}  // namespace image

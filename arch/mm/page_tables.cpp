// SPDX-License-Identifier: MIT
#include "arch/mm/page_tables.hpp"

#include "kernel/sync/assert.hpp"

namespace arch {
namespace {

constexpr u64 table_flags = pte::present | pte::writable | pte::user | pte::accessed;

constexpr unsigned shift_of(unsigned level) {
    return page_shift + 9 * (level - 1);
}
constexpr usize index_of(u64 va, unsigned level) {
    return va >> shift_of(level) & 511;
}

u64* entries(u64 entry) {
    return machine::frame_as<u64>(mfn_of(Maddr{entry & pte_address}));
}

// The largest page, by level, that may be used at this place.
unsigned level_for(u64 va, u64 start, u64 bytes, u64 largest) {
    for (unsigned level = 3; level > 1; --level) {
        u64 const size = u64{1} << shift_of(level);
        if (size <= largest && bytes >= size && ((va | start) & (size - 1)) == 0)
            return level;
    }
    return 1;
}

}  // namespace

u64* table_for(Maddr root, u64 va, unsigned level) {
    u64* table = machine::frame_as<u64>(mfn_of(root));
    for (unsigned l = 4; l > level; --l) {
        u64& entry = table[index_of(va, l)];
        if ((entry & pte::present) == 0)
            entry = new_table().raw() | table_flags;
        ASSERT((entry & pte::large) == 0);
        table = entries(entry);
    }
    return table;
}

void map_range(Maddr root, u64 va, Maddr start, u64 bytes, u64 flags, u64 largest) {
    while (bytes > 0) {
        unsigned const level = level_for(va, start.raw(), bytes, largest);
        u64& entry = table_for(root, va, level)[index_of(va, level)];
        ASSERT(entry == 0);
        entry = start.raw() | flags | (level > 1 ? pte::large : 0);
        u64 const size = u64{1} << shift_of(level);
        va += size;
        start += size;
        bytes -= size;
    }
}

u64& page_entry(Maddr root, u64 va) {
    return table_for(root, va, 1)[index_of(va, 1)];
}

}  // namespace arch

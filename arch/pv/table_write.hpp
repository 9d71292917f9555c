// SPDX-License-Identifier: MIT
// Finding an L1 entry by virtual address.
#pragma once

#include <optional>

#include "arch/pv/vcpu_state.hpp"
#include "kernel/base/result.hpp"
#include "kernel/mm/table_lock.hpp"

namespace arch {

// Where an 8-byte entry lies. This holds nothing: another vcpu may end the
// table at any time, so what is read here is a hint until the table is locked.
struct TableEntry {
    u64* address = nullptr;

    TableEntry() = default;
    TableEntry(Mfn table, u64 index) : address{machine::frame_as<u64>(table) + index} {}

    [[nodiscard]] PageInfo& table() const { return mm::ram_page(machine::frame_of(address)); }
    [[nodiscard]] u64 read() const { return __atomic_load_n(address, __ATOMIC_RELAXED); }
    // inval: no L1 table of `owner` any more.
    [[nodiscard]] Result<mm::TableLock> lock(PageOwner const& owner) const {
        return mm::TableLock::take(table(), PageType::l1, owner);
    }
};

// The L1 entry that maps `va` in the kernel-mode address space of `v` (PT-07:
// read by frame number, from the root). fault: there is none.
Result<TableEntry> find_l1_entry(Vcpu& v, Vaddr va);

// Whether the loaded address space of `v` lets it write, or read, at `va` now.
// Another vcpu may just have allowed what this CPU's TLB still forbids.
bool allows_access(Vcpu const& v, Vaddr va, bool write);

// The table entry that a guest kernel's store to `at` hits: `at` is mapped
// read-only and its frame is an L1 table of the guest.
std::optional<TableEntry> read_only_table_entry(Vcpu& v, Vaddr at);

}  // namespace arch

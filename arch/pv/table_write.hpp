// SPDX-License-Identifier: MIT
// Finding an L1 entry by virtual address, and the checked store to it that
// emulated writes use.
#pragma once

#include <optional>

#include "arch/pv/vcpu_state.hpp"
#include "kernel/base/result.hpp"

namespace arch {

// One 8-byte entry of a table that is kept from being freed.
struct TableEntry {
    PageRef table;
    unsigned index = 0;

    [[nodiscard]] u64* address() const { return machine::frame_as<u64>(table.mfn()) + index; }
    [[nodiscard]] u64 read() const { return __atomic_load_n(address(), __ATOMIC_RELAXED); }
    [[nodiscard]] Maddr maddr() const { return maddr_of(table.mfn()) + index * 8; }
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

// A checked update, only if the entry still is `expected`.
// again: it is not. inval: `desired` is not allowed; nothing is changed.
Result<> write_table_entry(Vcpu& v, TableEntry const& at, u64 expected, u64 desired);

}  // namespace arch

// SPDX-License-Identifier: MIT
// One L1 entry that a guest kernel wrote to through a read-only mapping.
#pragma once

#include <optional>

#include "kernel/base/result.hpp"
#include "kernel/machine/memory.hpp"

struct Vcpu;

namespace arch {

struct TableEntry {
    Mfn table{};
    unsigned index = 0;
    [[nodiscard]] u64 read() const { return __atomic_load_n(machine::frame_as<u64>(table) + index, __ATOMIC_RELAXED); }
};

// The entry that lies at guest address `at`, when that is mapped read-only and
// leads to one of the domain's own frames that is an L1 table now.
std::optional<TableEntry> read_only_table_entry(Vcpu& v, Vaddr at);

// A checked update, only while the entry still is `expected`: again if not.
Result<> write_table_entry(Vcpu& v, TableEntry at, u64 expected, u64 desired);

}  // namespace arch

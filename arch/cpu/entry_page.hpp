// SPDX-License-Identifier: MIT
// With page-table isolation: one page per CPU that is mapped while a guest runs,
// so that the CPU has a stack to enter on before it has the hypervisor's own
// address space. Guests on processors that need this may come to read it: what
// it holds of another guest is where that one stood, and no general register.
#pragma once

#include <array>

#include "arch/cpu/offsets.h"
#include "kernel/base/types.hpp"

namespace arch {

struct alignas(page_size) EntryPage {
    u64 own_root = 0;    // the CR3 of this CPU's hypervisor: always one that is in use
    u64 guest_root = 0;  // the CR3 under which its guest runs
    std::byte* block_end = nullptr;
    u64 scratch = 0;  // between two instructions of the SYSCALL stub
    std::array<u64, 124> nmi_stack{};
    std::array<u64, 64> mce_stack{};
    std::array<u64, 64> df_stack{};
    std::array<u64, 64> db_stack{};
    std::array<u64, 192> stack{};
};
static_assert(sizeof(EntryPage) == page_size);

// Defined in arch/cpu/isolated_entry.S, one per possible CPU.
extern "C" EntryPage entry_pages[];

}  // namespace arch

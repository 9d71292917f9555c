// SPDX-License-Identifier: MIT
// Entries of memory maps in the form of BIOS call 0xe820, in which guests ask
// for theirs (XENMEM_memory_map) and toolstacks set it.
#pragma once

#include <cstdint>

struct [[gnu::packed]] E820Entry {
    std::uint64_t address;
    std::uint64_t bytes;
    std::uint32_t type;
};
static_assert(sizeof(E820Entry) == 20);

inline constexpr std::uint32_t e820_ram = 1;

// SPDX-License-Identifier: MIT
// Memory maps in the form that guests know from BIOS call 0xe820.
#pragma once

#include "kernel/base/fixed_vector.hpp"
#include "kernel/base/types.hpp"

struct [[gnu::packed]] E820Entry {
    u64 address;
    u64 bytes;
    u32 type;
};
static_assert(sizeof(E820Entry) == 20);

inline constexpr u32 e820_ram = 1;

using MachineMap = FixedVector<E820Entry, 128>;
using GuestMap = FixedVector<E820Entry, 16>;

namespace mm {

// The boot loader's map of the machine, for the hardware domain. Filled once.
MachineMap& machine_map();

}  // namespace mm

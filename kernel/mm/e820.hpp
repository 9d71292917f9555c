// SPDX-License-Identifier: MIT
// Memory maps: of the machine, and of what guests are told.
#pragma once

#include "kernel/abi/e820.hpp"
#include "kernel/base/fixed_vector.hpp"

using MachineMap = FixedVector<E820Entry, 128>;
using GuestMap = FixedVector<E820Entry, 16>;

namespace mm {

// The boot loader's map of the machine, for the hardware domain. Filled once.
MachineMap& machine_map();

}  // namespace mm

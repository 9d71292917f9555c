// SPDX-License-Identifier: MIT
// From the firmware's claims about memory to ranges one can rely on.
#pragma once

#include "kernel/base/fixed_vector.hpp"
#include "kernel/init/boot_info.hpp"

namespace boot {

inline constexpr u32 memory_ram = 1;  // types are those of ACPI's e820 map
std::string_view type_name(u32 type);

// Nothing lies above: x86-64 has 52 bits of physical address at most.
inline constexpr u64 physical_limit = u64{1} << 52;

// Sorted, disjoint, neighbours of one type joined. Where claims overlap,
// whatever is not RAM wins. RAM that does not fill a page is dropped. False
// when the result has more ranges than fit.
[[nodiscard]] bool normalise_memory(FixedVector<MemoryRange, 256>& ranges);

}  // namespace boot

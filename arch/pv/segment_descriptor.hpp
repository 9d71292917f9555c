// SPDX-License-Identifier: MIT
// Which segment descriptors a guest may have (DT-1): code and data of DPL 3,
// and whatever the CPU will not load. Pure logic.
#pragma once

#include <optional>

#include "kernel/base/types.hpp"

namespace pv {

// The descriptor as it may stand in a table: DPL forced to 3 on code and data.
// Nothing for gates, TSS, LDT: they could lead into ring 0.
constexpr std::optional<u64> checked_descriptor(u64 d) {
    constexpr u64 present = u64{1} << 47, not_system = u64{1} << 44, dpl3 = u64{3} << 45,
                  type = u64{0xf} << 40;
    if ((d & present) == 0)
        return d;
    if ((d & not_system) != 0)
        return d | dpl3;
    return (d & type) == 0 ? std::optional{d} : std::nullopt;
}

}  // namespace pv

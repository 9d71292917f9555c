// SPDX-License-Identifier: MIT
// Which segment descriptors a guest may have (DT-1): code and data of DPL 3,
// and whatever the CPU will not load. Pure logic.
#pragma once

#include <optional>

#include "kernel/base/types.hpp"

namespace pv {

constexpr u64 descriptor_present = u64{1} << 47;

constexpr bool is_code_or_data(u64 d) {
    constexpr u64 marks = descriptor_present | u64{1} << 44;
    return (d & marks) == marks;
}
constexpr u64 for_ring3(u64 d) {
    return d | u64{3} << 45;
}
constexpr bool is_never_loaded(u64 d) {
    constexpr u64 type = u64{0xf} << 40;
    return (d & descriptor_present) == 0 || (d & type) == 0;
}

// The descriptor as it may stand in a table: DPL forced to 3 on code and data.
// Nothing for gates, TSS, LDT: they could lead into ring 0.
constexpr std::optional<u64> checked_descriptor(u64 d) {
    if (is_code_or_data(d))
        return for_ring3(d);
    return is_never_loaded(d) ? std::optional{d} : std::nullopt;
}

}  // namespace pv

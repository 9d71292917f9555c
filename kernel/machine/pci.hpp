// SPDX-License-Identifier: MIT
// PCI functions as the core sees them when it gives one to a domain.
#pragma once

#include <array>

#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace machine {

// Of segment 0.
struct PciFunction {
    u8 bus = 0;
    u8 devfn = 0;
    bool operator==(PciFunction const&) const = default;
};

// The words of the base-address registers (PCI Local Bus 3.0, 6.2.5.1).
inline constexpr usize bar_count = 6;
struct BarWords {
    std::array<u32, bar_count> value{};  // as the firmware left them
    std::array<u32, bar_count> sized{};  // what they say after all ones were written
};

// nodev: nothing answers there; inval: a bridge, which is nobody's alone. Its
// memory is not decoded for a moment.
Result<BarWords> examine_function(PciFunction f);
// When this returns the function writes no memory any more, and does not begin
// to until someone makes it a bus master again.
void silence_function(PciFunction f);

}  // namespace machine

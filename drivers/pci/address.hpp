// SPDX-License-Identifier: MIT
// Where a PCI function is: bus, device and function of segment 0.
#pragma once

#include "kernel/base/types.hpp"

namespace pci {

struct Address {
    u8 bus = 0;
    u8 device = 0;    // 0..31
    u8 function = 0;  // 0..7

    [[nodiscard]] constexpr u8 devfn() const { return static_cast<u8>(device << 3 | function); }
    friend constexpr auto operator<=>(Address, Address) = default;
};

}  // namespace pci

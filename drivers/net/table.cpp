// SPDX-License-Identifier: MIT
// The table of drivers.
#include "drivers/net/table.hpp"

#include <algorithm>
#include <array>

#include "drivers/net/e1000e/e1000e.hpp"
#include "drivers/net/igb/igb.hpp"
#include "drivers/net/virtio/virtio_net.hpp"

namespace nic {

namespace {

constexpr std::array<Driver, 4> table{{
    {0x8086, 0x10c9, "igb", igb::probe},        // Intel 82576 gigabit
    {0x8086, 0x10d3, "e1000e", e1000e::probe},  // Intel 82574 gigabit
    {0x1af4, 0x1041, "virtio-net", virtio_net::probe},
    {0x1af4, 0x1000, "virtio-net", virtio_net::probe},  // one that knows the time before 1.0 as well
}};

}  // namespace

std::span<Driver const> drivers() {
    return table;
}

Driver const* driver_for(pci::Function const& function) {
    auto const row = std::ranges::find_if(table, [&](Driver const& d) {
        return d.vendor == function.vendor() && d.device == function.device();
    });
    return row == table.end() ? nullptr : &*row;
}

}  // namespace nic

// SPDX-License-Identifier: MIT
// The cards we have drivers for: one row each.
#pragma once

#include <memory>
#include <string_view>

#include "drivers/net/nic.hpp"
#include "drivers/net/pool.hpp"
#include "drivers/pci/function.hpp"

namespace nic {

struct Driver {
    u16 vendor;
    u16 device;
    std::string_view name;
    Result<std::unique_ptr<Nic>> (*probe)(pci::Function const&, PacketPool&, Wake);
};

std::span<Driver const> drivers();

// Null when the function is no card of ours.
Driver const* driver_for(pci::Function const& function);

}  // namespace nic

// SPDX-License-Identifier: MIT
// Intel 82576 gigabit Ethernet, written from its datasheet.
#pragma once

#include <memory>

#include "drivers/net/nic.hpp"
#include "drivers/net/pool.hpp"
#include "drivers/pci/function.hpp"

namespace nic::igb {

Result<std::unique_ptr<Nic>> probe(pci::Function const& function, PacketPool& pool, Wake wake);

}  // namespace nic::igb

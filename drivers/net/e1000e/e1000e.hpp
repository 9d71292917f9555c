// SPDX-License-Identifier: MIT
// Intel 82574 gigabit Ethernet ("e1000e"), written from its datasheet.
#pragma once

#include <memory>

#include "drivers/net/nic.hpp"
#include "drivers/net/pool.hpp"
#include "drivers/pci/function.hpp"

namespace nic::e1000e {

Result<std::unique_ptr<Nic>> probe(pci::Function const& function, PacketPool& pool, Wake wake);

}  // namespace nic::e1000e

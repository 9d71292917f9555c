// SPDX-License-Identifier: MIT
// The network device of VIRTIO 1.2, behind PCI.
#pragma once

#include <memory>

#include "drivers/net/nic.hpp"
#include "drivers/net/pool.hpp"
#include "drivers/pci/function.hpp"

namespace nic::virtio_net {

Result<std::unique_ptr<Nic>> probe(pci::Function const& function, PacketPool& pool, Wake wake);

}  // namespace nic::virtio_net

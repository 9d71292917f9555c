// SPDX-License-Identifier: MIT
// What the chip wants of the headers of a packet that it is to cut.
#pragma once

#include "drivers/net/packet.hpp"

namespace nic::intel {

// The packet is large, its checksum blank, and nobody else holds it.
void prepare_to_cut(Packet& packet);

}  // namespace nic::intel

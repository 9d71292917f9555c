// SPDX-License-Identifier: MIT
// Completing in software what a sender left to hardware.
#pragma once

#include "drivers/net/packet.hpp"

namespace frame {

// The packet's checksum is blank; afterwards it is right.
void complete_checksum(nic::Packet& packet);

}  // namespace frame

// SPDX-License-Identifier: MIT
// A frame of one's own where others hold the same: to change its headers.
#pragma once

#include "drivers/net/pool.hpp"

namespace frame {

// With `headroom` before its first byte. Empty when buffers run out.
nic::PacketRef clone(nic::Packet const& original, nic::PacketPool& pool, u16 headroom);

}  // namespace frame

// SPDX-License-Identifier: MIT
// Finding the transport header of a frame whose checksum is to be completed.
// The frame comes from a guest, so every length in it is a claim.
#pragma once

#include <optional>
#include <span>

#include "drivers/net/packet.hpp"

namespace frame {

// Empty unless the frame is TCP or UDP, unfragmented, over IPv4 or IPv6
// without extension headers, with the checksum field inside the IP packet and
// that inside the frame.
std::optional<nic::Layers> find_layers(std::span<std::byte const> frame);

}  // namespace frame

// SPDX-License-Identifier: MIT
// Finding the transport header of a frame whose checksum is to be completed or
// whose payload is to be cut. The frame comes from a guest, so every length in
// it is a claim.
#pragma once

#include <optional>
#include <span>

#include "drivers/net/packet.hpp"

namespace frame {

// `head` are the first of `total` bytes. Empty unless the frame is TCP or UDP,
// unfragmented, over IPv4 or IPv6 without extension headers, with all headers
// inside the head, and with the IP packet inside the frame.
std::optional<nic::Layers> find_layers(std::span<std::byte const> head, u32 total);

}  // namespace frame

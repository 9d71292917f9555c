// SPDX-License-Identifier: MIT
// Internet checksums (RFC 1071), and completing in software what a sender left
// to hardware.
#pragma once

#include <span>

#include "drivers/net/packet.hpp"

namespace frame {

// A sum of 16-bit words in ones' complement, words as they lie in memory: byte
// order does not matter to it. An odd last byte is followed by a zero.
u16 sum_of(std::span<std::byte const> bytes, u16 start = 0);

// Where the IP packet ends by its own account; bytes behind it are padding.
u32 packet_end(nic::Packet const& packet, nic::Layers const& layers);

// Writes the length of the IP packet, header included, and what goes with it.
void put_packet_bytes(nic::Packet& packet, u32 bytes);

// Of the pseudo header, for `bytes` of transport header and payload.
u16 pseudo_header_sum(nic::Packet const& packet, u32 bytes);

// As it stands in a blank checksum field.
void put_checksum(nic::Packet& packet, u16 sum);

// The packet's checksum is blank; afterwards it is right.
void complete_checksum(nic::Packet& packet);

}  // namespace frame

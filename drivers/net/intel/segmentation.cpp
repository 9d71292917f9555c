// SPDX-License-Identifier: MIT
// 82576 datasheet 7.2.4, 82574 datasheet 7.3: the chip adds the length of each segment to what it finds,
// so lengths and the IPv4 checksum are to be zero, and the length is to be
// missing from the sum of the pseudo header.
#include "drivers/net/intel/segmentation.hpp"

namespace nic::intel {

namespace {

constexpr usize ipv4_length = 2;
constexpr usize ipv4_checksum = 10;
constexpr usize ipv6_length = 4;

void put16(std::byte* at, u32 value) {
    at[0] = std::byte{static_cast<u8>(value >> 8)};
    at[1] = std::byte{static_cast<u8>(value)};
}

u32 get16(std::byte const* at) {
    return static_cast<u32>(at[0]) << 8 | static_cast<u32>(at[1]);
}

}  // namespace

void prepare_to_cut(Packet& packet) {
    auto* const ip = packet.data + packet.layers.link_bytes;
    if (packet.layers.network == Network::ipv4) {
        put16(ip + ipv4_length, 0);
        put16(ip + ipv4_checksum, 0);
    } else {
        put16(ip + ipv6_length, 0);
    }
    auto* const field = packet.data + packet.layers.checksum_start() + packet.layers.checksum_offset();
    u32 const length = packet.total() - packet.layers.checksum_start();
    // Subtraction in ones' complement is addition of the complement.
    u32 const sum = get16(field) + (length ^ 0xffff);
    put16(field, (sum & 0xffff) + (sum >> 16));
}

}  // namespace nic::intel

// SPDX-License-Identifier: MIT
// Fields of headers: big-endian, at any address.
#pragma once

#include <cstddef>

#include "kernel/base/types.hpp"

namespace frame {

inline u8 get8(std::byte const* at) {
    return static_cast<u8>(*at);
}
inline u16 get16(std::byte const* at) {
    return static_cast<u16>(get8(at) << 8 | get8(at + 1));
}
inline u32 get32(std::byte const* at) {
    return u32{get16(at)} << 16 | get16(at + 2);
}

inline void put8(std::byte* at, u8 value) {
    *at = std::byte{value};
}
inline void put16(std::byte* at, u16 value) {
    put8(at, static_cast<u8>(value >> 8));
    put8(at + 1, static_cast<u8>(value));
}
inline void put32(std::byte* at, u32 value) {
    put16(at, static_cast<u16>(value >> 16));
    put16(at + 2, static_cast<u16>(value));
}

// Offsets inside the headers that are written to as well.
inline constexpr usize ether_type = 12;
inline constexpr u16 type_ipv4 = 0x0800;
inline constexpr u16 type_vlan = 0x8100;
inline constexpr u16 type_ipv6 = 0x86dd;
inline constexpr u16 type_arp = 0x0806;
inline constexpr u16 vlan_id_mask = 0x0fff;  // beside priority

inline constexpr usize ipv4_length = 2;
inline constexpr usize ipv4_id = 4;
inline constexpr usize ipv4_fragment = 6;
inline constexpr usize ipv4_protocol = 9;
inline constexpr usize ipv4_checksum = 10;
inline constexpr usize ipv4_addresses = 12;  // both, 4 bytes each
inline constexpr u8 ipv4_header_bytes = 20;
inline constexpr u16 ipv4_fragment_mask = 0x3fff;  // more fragments, and the offset
inline constexpr u16 ipv4_dont_fragment = 0x4000;
inline constexpr u16 ipv4_offset_mask = 0x1fff;  // the offset alone

inline constexpr usize ipv6_length = 4;  // of what follows the header
inline constexpr usize ipv6_protocol = 6;
inline constexpr usize ipv6_addresses = 8;  // both, 16 bytes each
inline constexpr u8 ipv6_header_bytes = 40;

inline constexpr usize tcp_sequence = 4;
inline constexpr usize tcp_acknowledged = 8;
inline constexpr usize tcp_offset = 12;  // of its payload, in the upper half, in words
inline constexpr usize tcp_flags = 13;
inline constexpr usize tcp_window = 14;
inline constexpr usize tcp_urgent = 18;  // and behind it the options
inline constexpr u8 tcp_header_bytes = 20;
inline constexpr u8 udp_header_bytes = 8;
inline constexpr u8 tcp_fin = 0x01;
inline constexpr u8 tcp_push = 0x08;
inline constexpr u8 tcp_ack = 0x10;
inline constexpr u8 tcp_cwr = 0x80;

inline constexpr u8 protocol_icmp = 1;
inline constexpr u8 protocol_tcp = 6;
inline constexpr u8 protocol_udp = 17;
inline constexpr u8 protocol_icmpv6 = 58;

}  // namespace frame

// SPDX-License-Identifier: MIT
// Walking Ethernet, at most one VLAN tag, IP, to TCP or UDP.
#include "dom0/net/frame/layers.hpp"

namespace frame {

namespace {

using nic::Layers;
using nic::Network;
using nic::Transport;

constexpr u16 type_ipv4 = 0x0800;
constexpr u16 type_vlan = 0x8100;
constexpr u16 type_ipv6 = 0x86dd;
constexpr u8 protocol_tcp = 6;
constexpr u8 protocol_udp = 17;
constexpr u8 vlan_tag_bytes = 4;
constexpr u8 ipv4_header_bytes = 20;
constexpr u8 ipv6_header_bytes = 40;
constexpr u16 fragment_mask = 0x3fff;  // more fragments, and the offset

using Bytes = std::span<std::byte const>;

u8 byte_at(Bytes bytes, usize at) {
    return static_cast<u8>(bytes[at]);
}
u16 word_at(Bytes bytes, usize at) {
    return static_cast<u16>(byte_at(bytes, at) << 8 | byte_at(bytes, at + 1));
}

std::optional<Transport> transport_of(u8 protocol) {
    if (protocol == protocol_tcp)
        return Transport::tcp;
    if (protocol == protocol_udp)
        return Transport::udp;
    return std::nullopt;
}

struct NetworkHeader {
    u8 bytes;
    u8 protocol;
    u32 packet_bytes;  // of the whole IP packet
};

std::optional<NetworkHeader> ipv4_header(Bytes ip) {
    if (ip.size() < ipv4_header_bytes || byte_at(ip, 0) >> 4 != 4)
        return std::nullopt;
    auto const bytes = static_cast<u8>((byte_at(ip, 0) & 0xf) * 4);
    bool const fragment = (word_at(ip, 6) & fragment_mask) != 0;
    u16 const packet_bytes = word_at(ip, 2);
    if (bytes < ipv4_header_bytes || packet_bytes > ip.size() || fragment)
        return std::nullopt;
    return NetworkHeader{bytes, byte_at(ip, 9), packet_bytes};
}

std::optional<NetworkHeader> ipv6_header(Bytes ip) {
    if (ip.size() < ipv6_header_bytes || byte_at(ip, 0) >> 4 != 6)
        return std::nullopt;
    u32 const packet_bytes = u32{word_at(ip, 4)} + ipv6_header_bytes;
    if (packet_bytes > ip.size())
        return std::nullopt;
    return NetworkHeader{ipv6_header_bytes, byte_at(ip, 6), packet_bytes};
}

}  // namespace

std::optional<Layers> find_layers(Bytes frame) {
    if (frame.size() < nic::header_bytes + vlan_tag_bytes)
        return std::nullopt;
    Layers found;
    found.link_bytes = nic::header_bytes;
    u16 type = word_at(frame, 12);
    if (type == type_vlan) {
        found.link_bytes += vlan_tag_bytes;
        type = word_at(frame, 16);
    }
    if (type != type_ipv4 && type != type_ipv6)
        return std::nullopt;
    found.network = type == type_ipv4 ? Network::ipv4 : Network::ipv6;

    Bytes const ip = frame.subspan(found.link_bytes);
    auto const header = found.network == Network::ipv4 ? ipv4_header(ip) : ipv6_header(ip);
    if (!header)
        return std::nullopt;
    auto const transport = transport_of(header->protocol);
    if (!transport)
        return std::nullopt;
    found.network_bytes = header->bytes;
    found.transport = *transport;
    constexpr usize checksum_bytes = 2;
    if (header->bytes + found.checksum_offset() + checksum_bytes > header->packet_bytes)
        return std::nullopt;
    return found;
}

}  // namespace frame

// SPDX-License-Identifier: MIT
// Walking Ethernet, at most one VLAN tag, IP, to TCP or UDP.
#include "dom0/net/frame/layers.hpp"

#include <algorithm>

#include "dom0/net/frame/fields.hpp"

namespace frame {

namespace {

using nic::Layers;
using nic::Network;
using nic::Transport;

struct NetworkHeader {
    u8 bytes;
    u8 protocol;
    u32 packet_bytes;  // of the whole IP packet
};

std::optional<NetworkHeader> ipv4_header(std::byte const* ip) {
    if (get8(ip) >> 4 != 4)
        return std::nullopt;
    auto const bytes = static_cast<u8>((get8(ip) & 0xf) * 4);
    bool const fragment = (get16(ip + ipv4_fragment) & ipv4_fragment_mask) != 0;
    if (bytes < ipv4_header_bytes || fragment)
        return std::nullopt;
    return NetworkHeader{bytes, get8(ip + ipv4_protocol), get16(ip + ipv4_length)};
}

std::optional<NetworkHeader> ipv6_header(std::byte const* ip) {
    if (get8(ip) >> 4 != 6)
        return std::nullopt;
    return NetworkHeader{ipv6_header_bytes, get8(ip + ipv6_protocol),
                         u32{get16(ip + ipv6_length)} + ipv6_header_bytes};
}

bool find_link(std::span<std::byte const> head, Layers& found) {
    if (head.size() < nic::header_bytes + nic::max_tags)
        return false;
    found.link_bytes = nic::header_bytes;
    u16 type = get16(&head[ether_type]);
    if (type == type_vlan) {
        found.link_bytes += nic::max_tags;
        type = get16(&head[ether_type + nic::max_tags]);
    }
    found.network = type == type_ipv4 ? Network::ipv4 : Network::ipv6;
    return type == type_ipv4 || type == type_ipv6;
}

// Bytes of the transport header that lie inside `bytes`, or none.
u8 transport_bytes(Transport transport, std::span<std::byte const> bytes) {
    u8 const least = transport == Transport::tcp ? tcp_header_bytes : udp_header_bytes;
    if (bytes.size() < least)
        return 0;
    if (transport == Transport::udp)
        return least;
    auto const length = static_cast<u8>((get8(&bytes[tcp_offset]) >> 4) * 4);
    return length < least || length > bytes.size() ? u8{0} : length;
}

}  // namespace

std::optional<Layers> find_layers(std::span<std::byte const> head, u32 total) {
    Layers found;
    if (!find_link(head, found))
        return std::nullopt;
    usize const least = found.network == Network::ipv4 ? ipv4_header_bytes : ipv6_header_bytes;
    auto const ip = head.subspan(found.link_bytes);
    if (ip.size() < least)
        return std::nullopt;
    auto const header = found.network == Network::ipv4 ? ipv4_header(ip.data()) : ipv6_header(ip.data());
    if (!header || found.link_bytes + header->packet_bytes > total || header->packet_bytes < header->bytes)
        return std::nullopt;
    if (header->protocol != protocol_tcp && header->protocol != protocol_udp)
        return std::nullopt;
    found.network_bytes = header->bytes;
    found.transport = header->protocol == protocol_tcp ? Transport::tcp : Transport::udp;
    auto const packet = ip.first(std::min<usize>(ip.size(), header->packet_bytes));
    if (packet.size() < header->bytes)
        return std::nullopt;
    found.transport_bytes = transport_bytes(found.transport, packet.subspan(header->bytes));
    if (found.transport_bytes == 0)
        return std::nullopt;
    return found;
}

}  // namespace frame

// SPDX-License-Identifier: MIT
// Comparing headers in place. Every offset has been checked by find_layers.
#include "dom0/net/frame/segment_view.hpp"

#include <cstring>

#include "dom0/net/frame/checksum.hpp"
#include "dom0/net/frame/layers.hpp"

namespace frame {

namespace {

template <class Word>
Word load(std::byte const* at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// Of an even number of bytes, and few: a call of memcmp costs more.
bool same(std::byte const* a, std::byte const* b, usize offset, usize bytes) {
    usize at = offset;
    for (; at + sizeof(u64) <= offset + bytes; at += sizeof(u64))
        if (load<u64>(a + at) != load<u64>(b + at))
            return false;
    for (; at < offset + bytes; at += sizeof(u16))
        if (load<u16>(a + at) != load<u16>(b + at))
            return false;
    return true;
}

constexpr usize class_bytes = 2;  // version and class of traffic, of both kinds

// Version, class of traffic, and what follows the identification; not the
// checksum, which goes with the length.
bool same_ipv4(std::byte const* first, std::byte const* later, u16 ahead) {
    auto const counted = static_cast<u16>(get16(first + ipv4_id) + ahead);
    bool const atomic = (get16(first + ipv4_fragment) & ipv4_dont_fragment) != 0;
    return same(first, later, 0, class_bytes) &&
           same(first, later, ipv4_fragment, ipv4_checksum - ipv4_fragment) &&
           (atomic || get16(later + ipv4_id) == counted);
}

// Version, class and flow; next header and hop limit.
bool same_ipv6(std::byte const* first, std::byte const* later) {
    return same(first, later, 0, ipv6_length) &&
           same(first, later, ipv6_protocol, ipv6_addresses - ipv6_protocol);
}

// A glance that spares most other frames the walk through their headers.
bool may_be_tcp(std::span<std::byte const> head) {
    constexpr usize least = nic::header_bytes + ipv4_header_bytes + tcp_header_bytes;
    bool const plain_ipv4 = get16(&head[ether_type]) == type_ipv4;
    return head.size() >= least &&
           (!plain_ipv4 || get8(&head[nic::header_bytes + ipv4_protocol]) == protocol_tcp);
}

// A header that is written anew must have been right before. Options are rare.
bool may_be_rewritten(nic::Packet const& packet, nic::Layers const& layers) {
    return layers.network == nic::Network::ipv6 ||
           (layers.network_bytes == ipv4_header_bytes &&
            sum_of({packet.data + layers.link_bytes, ipv4_header_bytes}) == 0xffff);
}

}  // namespace

std::optional<SegmentView> view_segment(nic::Packet const& packet) {
    if (packet.next() != nullptr || packet.is_large() || !may_be_tcp(packet.head()))
        return std::nullopt;
    auto const layers = find_layers(packet.head(), packet.total());
    if (!layers || layers->transport != nic::Transport::tcp || !may_be_rewritten(packet, *layers))
        return std::nullopt;
    u32 const end = packet_end(packet, *layers);
    auto const* const tcp = packet.data + layers->checksum_start();
    return SegmentView{.layers = *layers,
                       .sequence = get32(tcp + tcp_sequence),
                       .acknowledged = get32(tcp + tcp_acknowledged),
                       .payload = static_cast<u16>(end - layers->header_bytes()),
                       .frame_bytes = static_cast<u16>(end),
                       .flags = get8(tcp + tcp_flags)};
}

bool same_connection(nic::Packet const& a, nic::Packet const& b, nic::Layers const& layers) {
    bool const v4 = layers.network == nic::Network::ipv4;
    usize const addresses = layers.link_bytes + (v4 ? ipv4_addresses : ipv6_addresses);
    constexpr usize ports_bytes = 4;
    return same(a.data, b.data, addresses, v4 ? 8 : 32) &&
           same(a.data, b.data, layers.checksum_start(), ports_bytes);
}

bool same_headers(nic::Packet const& first, nic::Packet const& later, nic::Layers const& layers, u16 ahead) {
    usize const ip = layers.link_bytes;
    usize const tcp = layers.checksum_start();
    constexpr usize window_bytes = 2;
    return same(first.data, later.data, 0, ip) &&
           (layers.network == nic::Network::ipv4 ? same_ipv4(first.data + ip, later.data + ip, ahead)
                                                 : same_ipv6(first.data + ip, later.data + ip)) &&
           get8(first.data + tcp + tcp_offset) == get8(later.data + tcp + tcp_offset) &&
           same(first.data, later.data, tcp + tcp_window, window_bytes) &&
           same(first.data, later.data, tcp + tcp_urgent, layers.transport_bytes - tcp_urgent);
}

bool same_traffic(nic::Packet const& a, nic::Packet const& b, nic::Layers const& layers) {
    usize const ip = layers.link_bytes;
    return same(a.data, b.data, 0, ip + class_bytes);
}

bool has_timestamp_at_most(nic::Packet const& packet, nic::Layers const& layers) {
    if (layers.transport_bytes == tcp_header_bytes)
        return true;
    // Two paddings before it, as everybody sends it (RFC 7323, appendix A).
    constexpr u32 padded_timestamp = 0x0101'080a;
    constexpr u8 with_timestamp = tcp_header_bytes + 12;
    return layers.transport_bytes == with_timestamp &&
           get32(packet.data + layers.checksum_start() + tcp_header_bytes) == padded_timestamp;
}

}  // namespace frame

// SPDX-License-Identifier: MIT
#include "dom0/net/frame/checksum.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "dom0/net/frame/fields.hpp"

namespace frame {

namespace {

// Over the bytes from `start` to `end` of a frame, whatever buffers they are
// in. What begins in the middle of a word counts with its halves exchanged
// (RFC 1071, 2(B)).
u16 sum_of_range(nic::Packet const& packet, u32 start, u32 end) {
    u16 sum = 0;
    u32 before = 0;
    for (nic::Packet const* buffer = &packet; buffer != nullptr; buffer = buffer->next()) {
        u32 const first = std::max(start, before);
        u32 const behind = std::min(end, before + buffer->length);
        if (first < behind) {
            bool const odd = (first - start) % 2 != 0;
            u16 const so_far = odd ? __builtin_bswap16(sum) : sum;
            sum = sum_of(buffer->head().subspan(first - before, behind - first), so_far);
            sum = odd ? __builtin_bswap16(sum) : sum;
        }
        before += buffer->length;
    }
    return sum;
}

}  // namespace

u32 packet_end(nic::Packet const& packet, nic::Layers const& layers) {
    auto const* const ip = packet.data + layers.link_bytes;
    u32 const ip_bytes = layers.network == nic::Network::ipv4
                             ? get16(ip + ipv4_length)
                             : u32{get16(ip + ipv6_length)} + layers.network_bytes;
    return layers.link_bytes + ip_bytes;
}

void put_packet_bytes(nic::Packet& packet, u32 bytes) {
    auto const& layers = packet.layers;
    auto* const ip = packet.data + layers.link_bytes;
    if (layers.network == nic::Network::ipv6)
        return put16(ip + ipv6_length, static_cast<u16>(bytes - layers.network_bytes));
    put16(ip + ipv4_length, static_cast<u16>(bytes));
    put16(ip + ipv4_checksum, 0);
    auto const sum = static_cast<u16>(~sum_of({ip, layers.network_bytes}));
    std::memcpy(ip + ipv4_checksum, &sum, sizeof sum);
}

u16 sum_of(std::span<std::byte const> bytes, u16 start) {
    u64 sum = start;
    usize at = 0;
    for (; at + sizeof(u32) <= bytes.size(); at += sizeof(u32)) {
        u32 word = 0;
        std::memcpy(&word, &bytes[at], sizeof word);
        sum += word;
    }
    u32 tail = 0;
    std::memcpy(&tail, bytes.data() + at, bytes.size() - at);
    sum += tail;
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<u16>(sum);
}

// RFC 793, 3.1 and RFC 8200, 8.1: addresses, length and protocol. Their widths
// do not matter to the sum.
u16 pseudo_header_sum(nic::Packet const& packet, u32 bytes) {
    auto const* const ip = packet.data + packet.layers.link_bytes;
    bool const v4 = packet.layers.network == nic::Network::ipv4;
    std::array<std::byte, 6> rest{};
    put32(rest.data(), bytes);
    put16(&rest[4], packet.layers.transport == nic::Transport::tcp ? protocol_tcp : protocol_udp);
    std::span const addresses = v4 ? std::span{ip + ipv4_addresses, 8} : std::span{ip + ipv6_addresses, 32};
    return sum_of(rest, sum_of(addresses));
}

void put_checksum(nic::Packet& packet, u16 sum) {
    std::memcpy(packet.data + packet.layers.checksum_start() + packet.layers.checksum_offset(), &sum,
                sizeof sum);
}

void complete_checksum(nic::Packet& packet) {
    // The field holds the sum of the pseudo header and is part of what is summed.
    u32 const start = packet.layers.checksum_start();
    auto sum = static_cast<u16>(~sum_of_range(packet, start, packet_end(packet, packet.layers)));
    if (sum == 0 && packet.layers.transport == nic::Transport::udp)
        sum = 0xffff;  // zero means "none" in UDP (RFC 768)
    put_checksum(packet, sum);
    packet.checksum = nic::Checksum::valid;
}

}  // namespace frame

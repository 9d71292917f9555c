// SPDX-License-Identifier: MIT
// The Internet checksum (RFC 1071): a sum of 16-bit words in ones' complement.
// Byte order does not matter to it, so words are added as they lie in memory.
#include "dom0/net/frame/checksum.hpp"

#include <cstring>

namespace frame {

namespace {

u16 sum_of(std::span<std::byte const> bytes) {
    u64 sum = 0;
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

// Bytes behind the IP packet are padding and do not count.
usize transport_end(nic::Packet const& packet) {
    auto const* const ip = packet.data + packet.layers.link_bytes;
    auto const word = [ip](usize at) {
        return static_cast<usize>(ip[at]) << 8 | static_cast<usize>(ip[at + 1]);
    };
    usize const ip_bytes =
        packet.layers.network == nic::Network::ipv4 ? word(2) : word(4) + packet.layers.network_bytes;
    return packet.layers.link_bytes + ip_bytes;
}

}  // namespace

void complete_checksum(nic::Packet& packet) {
    usize const start = packet.layers.checksum_start();
    usize const end = transport_end(packet);
    // The field holds the sum of the pseudo header and is part of what is summed.
    auto sum = static_cast<u16>(~sum_of(packet.frame().subspan(start, end - start)));
    if (sum == 0 && packet.layers.transport == nic::Transport::udp)
        sum = 0xffff;  // zero means "none" in UDP (RFC 768)
    std::memcpy(packet.data + start + packet.layers.checksum_offset(), &sum, sizeof sum);
    packet.checksum = nic::Checksum::valid;
}

}  // namespace frame

// SPDX-License-Identifier: MIT
// What the device is told of a packet, and where its parts are.
#include "drivers/net/virtio/transmit_queue.hpp"

#include <array>

namespace nic::virtio_net {

namespace {

constexpr u32 most_pieces = most_buffers + 1;  // and the header
constexpr usize tcp_flags = 13;                // in its header
constexpr u8 tcp_cwr = 0x80;

u8 kind_of(Packet const& packet) {
    if (!packet.is_large())
        return kind_one;
    auto const flags = static_cast<u8>(packet.data[packet.layers.checksum_start() + tcp_flags]);
    u8 const kind = packet.layers.network == Network::ipv4 ? kind_tcp4 : kind_tcp6;
    return static_cast<u8>(kind | ((flags & tcp_cwr) != 0 ? kind_ecn : 0));
}

Header header_of(Packet const& packet) {
    Header header{};
    if (packet.checksum != Checksum::blank)
        return header;
    header.flags = needs_checksum;
    header.checksum_start = packet.layers.checksum_start();
    header.checksum_offset = packet.layers.checksum_offset();
    header.kind = kind_of(packet);
    header.header_bytes = packet.layers.header_bytes();
    header.segment_bytes = packet.segment_bytes;
    return header;
}

}  // namespace

Result<TransmitQueue> TransmitQueue::create(u16 size) {
    auto ring = TRY(virtio::SplitRing::create(size));
    return TransmitQueue{std::move(ring), TRY(io::DmaMemory::allocate(size * sizeof(Header)))};
}

u32 TransmitQueue::transmit(std::span<PacketRef> packets, Counters& counters) {
    reclaim();
    u32 count = 0;
    for (; count < packets.size() && ring_.room() > packets[count]->buffers(); ++count) {
        counters.tx_bytes += packets[count]->total();
        put(std::move(packets[count]));
    }
    counters.tx_packets += count;
    return count;
}

void TransmitQueue::put(PacketRef packet) {
    u16 const head = ring_.next_head();
    headers_.as<Header>()[head] = header_of(*packet);
    std::array<virtio::Piece, most_pieces> chain;
    u32 count = 0;
    chain[count++] = {headers_.maddr() + head * sizeof(Header), sizeof(Header), false};
    for (Packet const* buffer = &*packet; buffer != nullptr; buffer = buffer->next())
        chain[count++] = {buffer->at, buffer->length, false};
    ring_.add(std::span{chain}.first(count));
    shadow_[head] = std::move(packet);
}

void TransmitQueue::reclaim() {
    // Ends: only what is out comes back.
    while (auto const used = ring_.take()) {
        shadow_[used->head].reset();
        progress_.count();
    }
}

}  // namespace nic::virtio_net

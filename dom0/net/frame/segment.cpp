// SPDX-License-Identifier: MIT
#include "dom0/net/frame/segment.hpp"

#include <algorithm>
#include <cstring>

#include "dom0/net/frame/checksum.hpp"
#include "dom0/net/frame/fields.hpp"

namespace frame {

Segmenter::Segmenter(nic::Packet const& large, nic::PacketPool& pool)
    : large_{large},
      pool_{pool},
      buffer_{&large},
      offset_{large.layers.header_bytes()},
      left_{large.total() - large.layers.header_bytes()} {}

nic::PacketRef Segmenter::next() {
    u32 const bytes = std::min<u32>(left_, large_.segment_bytes);
    auto segment = pool_.take();
    if (!segment)
        return {};
    std::memcpy(segment->data, large_.data, large_.layers.header_bytes());
    segment->grow(large_.layers.header_bytes());
    if (!copy_payload(*segment, bytes))
        return {};
    left_ -= bytes;
    segment->layers = large_.layers;
    segment->checksum = nic::Checksum::blank;
    segment->sender = large_.sender;
    update_network(*segment, bytes);
    update_transport(*segment, bytes);
    sent_ += bytes;
    ++index_;
    return segment;
}

bool Segmenter::copy_payload(nic::Packet& into, u32 bytes) {
    while (bytes != 0) {
        if (offset_ == buffer_->length) {
            buffer_ = buffer_->next();
            offset_ = 0;
        }
        if (into.last().length == nic::buffer_bytes) {
            auto more = pool_.take();
            if (!more)
                return false;
            into.append(std::move(more));
        }
        nic::Packet const& last = into.last();
        u32 const count = std::min({bytes, buffer_->length - offset_, u32{nic::buffer_bytes} - last.length});
        std::memcpy(last.data + last.length, buffer_->data + offset_, count);
        into.grow(static_cast<u16>(count));
        offset_ += count;
        bytes -= count;
    }
    return true;
}

void Segmenter::update_network(nic::Packet& segment, u32 bytes) const {
    auto const& layers = segment.layers;
    auto* const ip = segment.data + layers.link_bytes;
    if (layers.network == nic::Network::ipv4)
        put16(ip + ipv4_id, static_cast<u16>(get16(ip + ipv4_id) + index_));
    put_packet_bytes(segment, layers.network_bytes + layers.transport_bytes + bytes);
}

// The end of the stream, and the push, belong to the last segment; that the
// congestion window was reduced is said by the first (RFC 3168, 6.1.2).
void Segmenter::update_transport(nic::Packet& segment, u32 bytes) const {
    auto* const tcp = segment.data + segment.layers.checksum_start();
    put32(tcp + tcp_sequence, get32(tcp + tcp_sequence) + sent_);
    u8 flags = get8(tcp + tcp_flags);
    if (left_ != 0)
        flags &= static_cast<u8>(~(tcp_fin | tcp_push));
    if (index_ != 0)
        flags &= static_cast<u8>(~tcp_cwr);
    put8(tcp + tcp_flags, flags);
    put_checksum(segment, pseudo_header_sum(segment, segment.layers.transport_bytes + bytes));
}

}  // namespace frame

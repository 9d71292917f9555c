// SPDX-License-Identifier: MIT
#include "dom0/net/frame/aggregate.hpp"

#include <algorithm>
#include <utility>

#include "dom0/net/frame/checksum.hpp"

namespace frame {

// Only what has been verified may lose its checksum, and only what nobody else
// holds is changed.
std::optional<SegmentView> Aggregator::wanted(nic::PacketRef const& packet) const {
    bool const takes_any = large_.ipv4 || large_.ipv6;
    if (!takes_any || packet->checksum != nic::Checksum::valid || packet.shared())
        return std::nullopt;
    auto const view = view_segment(*packet);
    return view && large_.of(view->layers.network) ? view : std::nullopt;
}

auto Aggregator::find(nic::Packet const& packet, SegmentView const& view) -> Flow* {
    auto const flows = std::span{flows_}.first(open_);
    auto const found =
        std::ranges::find_if(flows, [&](Flow const& flow) { return flow.carries(packet, view); });
    return found == flows.end() ? nullptr : &*found;
}

auto Aggregator::place() -> Flow& {
    if (open_ < most_flows)
        return flows_[open_++];
    return flows_[std::exchange(next_, (next_ + 1) % most_flows)];
}

bool Aggregator::Flow::carries(nic::Packet const& packet, SegmentView const& view) const {
    return used() && view.layers.network == first_.layers.network &&
           view.layers.checksum_start() == first_.layers.checksum_start() &&
           same_connection(*packet_, packet, view.layers);
}

void Aggregator::Flow::begin(nic::PacketRef&& packet, SegmentView const& view) {
    packet_ = std::move(packet);
    packet_->length = view.frame_bytes;  // without padding
    first_ = view;
    payload_ = view.payload;
    end_flags_ = 0;
    pieces_ = 1;
    complete_ = false;
}

// The next bytes of the same stream, said in the same way.
bool Aggregator::Flow::continues(nic::Packet const& packet, SegmentView const& view) const {
    return !complete_ && first_.payload != 0 && view.payload != 0 && view.payload <= first_.payload &&
           view.is_plain() && view.layers == first_.layers && view.sequence == first_.sequence + payload_ &&
           view.acknowledged == first_.acknowledged && pieces_ < most_pieces &&
           packet_->total() + view.payload <= nic::largest_frame &&
           same_headers(*packet_, packet, view.layers, pieces_);
}

// It acknowledges more and says nothing else: neither a duplicate, which
// reports a loss, nor selective.
bool Aggregator::Flow::outdates(nic::Packet const& packet, SegmentView const& view) const {
    return first_.is_acknowledgement() && view.is_acknowledgement() && view.layers == first_.layers &&
           view.sequence == first_.sequence &&
           static_cast<s32>(view.acknowledged - first_.acknowledged) > 0 && pieces_ < most_pieces &&
           has_timestamp_at_most(*packet_, view.layers) && has_timestamp_at_most(packet, view.layers) &&
           same_traffic(*packet_, packet, view.layers);
}

bool Aggregator::Flow::take(nic::PacketRef& packet, SegmentView const& view) {
    if (outdates(*packet, view)) {
        u16 const pieces = pieces_;
        begin(std::move(packet), view);
        pieces_ = static_cast<u16>(pieces + 1);
        return true;
    }
    if (!continues(*packet, view))
        return false;
    packet->length = view.frame_bytes;
    packet->trim_front(view.layers.header_bytes());
    packet_->append(std::move(packet));
    payload_ += view.payload;
    end_flags_ = static_cast<u8>(view.flags & (tcp_push | tcp_fin));
    complete_ = view.ends() || view.payload < first_.payload;
    ++pieces_;
    return true;
}

nic::PacketRef Aggregator::Flow::end() {
    nic::PacketRef packet = std::move(packet_);
    if (payload_ == first_.payload)
        return packet;
    packet->layers = first_.layers;
    packet->segment_bytes = first_.payload;
    packet->checksum = nic::Checksum::blank;
    auto* const tcp = packet->data + first_.layers.checksum_start();
    put8(tcp + tcp_flags, static_cast<u8>(first_.flags | end_flags_));
    put_packet_bytes(*packet, packet->total() - first_.layers.link_bytes);
    put_checksum(*packet, pseudo_header_sum(*packet, packet->total() - first_.layers.checksum_start()));
    return packet;
}

}  // namespace frame

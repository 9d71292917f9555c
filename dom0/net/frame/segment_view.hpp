// SPDX-License-Identifier: MIT
// A TCP segment in a frame, as far as it matters to which others it belongs.
#pragma once

#include <optional>

#include "dom0/net/frame/fields.hpp"
#include "drivers/net/packet.hpp"

namespace frame {

struct SegmentView {
    nic::Layers layers;
    u32 sequence = 0;
    u32 acknowledged = 0;
    u16 payload = 0;
    u16 frame_bytes = 0;  // without padding
    u8 flags = 0;

    // Nothing but data or an acknowledgement, and perhaps the last of them.
    [[nodiscard]] bool is_plain() const { return (flags & ~(tcp_push | tcp_fin)) == tcp_ack; }
    [[nodiscard]] bool ends() const { return (flags & (tcp_push | tcp_fin)) != 0; }
    [[nodiscard]] bool is_acknowledgement() const { return payload == 0 && flags == tcp_ack; }
    // Others may be put behind it.
    [[nodiscard]] bool may_begin() const {
        return is_acknowledgement() || (is_plain() && !ends() && payload != 0);
    }
};

// Empty unless the frame is TCP in one buffer, and IPv4's header is without
// options and right.
std::optional<SegmentView> view_segment(nic::Packet const& packet);

// Of one connection, in one direction.
bool same_connection(nic::Packet const& a, nic::Packet const& b, nic::Layers const& layers);

// All headers but those fields that differ from segment to segment: lengths and
// checksums, numbers, flags. IPv4's identification counts up by `ahead`, or
// means nothing (RFC 6864).
bool same_headers(nic::Packet const& first, nic::Packet const& later, nic::Layers const& layers, u16 ahead);

// The same link, and the same class of traffic.
bool same_traffic(nic::Packet const& a, nic::Packet const& b, nic::Layers const& layers);

// Whether TCP's options are none, or a timestamp alone.
bool has_timestamp_at_most(nic::Packet const& packet, nic::Layers const& layers);

}  // namespace frame

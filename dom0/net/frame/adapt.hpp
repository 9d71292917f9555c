// SPDX-License-Identifier: MIT
// From what a frame is to what its taker can take: large frames are cut, blank
// checksums completed, and what cannot be made to fit is refused.
#pragma once

#include <optional>

#include "dom0/net/frame/checksum.hpp"
#include "dom0/net/frame/segment.hpp"
#include "drivers/net/lender.hpp"

namespace frame {

struct PerNetwork {
    bool ipv4 = false;
    bool ipv6 = false;

    [[nodiscard]] bool of(nic::Network network) const { return network == nic::Network::ipv4 ? ipv4 : ipv6; }
};

struct Takes {
    u32 max_frame = nic::frame_bytes(1500);
    PerNetwork blank;  // checksums
    PerNetwork large;  // frames of TCP
};

enum class Misfit : u8 {
    too_long,   // for the taker
    no_buffer,  // to cut it
    revoked,    // by its sender, who had lent it
};

// Hands `sink` the frame, or the frames it stands for.
template <class Sink>
std::optional<Misfit> adapt(nic::PacketRef&& packet, Takes const& takes, nic::PacketPool& pool, Sink sink) {
    u32 const longest =
        packet->is_large() ? packet->layers.header_bytes() + packet->segment_bytes : packet->total();
    if (longest > takes.max_frame)
        return Misfit::too_long;
    bool const is_cut = packet->is_large() && !takes.large.of(packet->layers.network);
    bool const is_summed =
        packet->checksum == nic::Checksum::blank && !takes.blank.of(packet->layers.network);
    if ((is_cut || is_summed) && !nic::at_hand(*packet))
        return Misfit::revoked;
    auto const complete_and_sink = [&](nic::PacketRef&& frame) {
        // In place, so a frame on its way to others as well gets it once.
        if (frame->checksum == nic::Checksum::blank && !takes.blank.of(frame->layers.network))
            complete_checksum(*frame);
        sink(std::move(frame));
    };
    if (!is_cut) {
        complete_and_sink(std::move(packet));
        return std::nullopt;
    }
    for (Segmenter segments{*packet, pool}; !segments.done();) {
        auto segment = segments.next();
        if (!segment)
            return Misfit::no_buffer;
        complete_and_sink(std::move(segment));
    }
    return std::nullopt;
}

}  // namespace frame

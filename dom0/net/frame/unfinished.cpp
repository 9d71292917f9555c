// SPDX-License-Identifier: MIT
// Looking for the place of what is to be done.
#include "dom0/net/frame/unfinished.hpp"

#include "dom0/net/frame/checksum.hpp"
#include "dom0/net/frame/layers.hpp"

namespace frame {

std::optional<Flaw> examine(nic::Packet& packet) {
    auto const layers = find_layers(packet.head(), packet.total());
    if (!layers)
        return Flaw::no_place;
    packet.layers = *layers;
    if (!packet.is_large())
        return std::nullopt;
    if (layers->transport != nic::Transport::tcp || packet_end(packet, *layers) != packet.total() ||
        packet.total() == layers->header_bytes())
        return Flaw::cannot_be_cut;
    // A sender that leaves cutting to others may have left out this sum.
    put_checksum(packet, pseudo_header_sum(packet, packet.total() - layers->checksum_start()));
    return std::nullopt;
}

}  // namespace frame

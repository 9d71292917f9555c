// SPDX-License-Identifier: MIT
// A packet's context and command, for the 82576.
#include "drivers/net/igb/descriptors.hpp"

namespace nic::igb {

namespace {

Descriptor context(Packet const& packet) {
    Layers const& layers = packet.layers;
    auto const place = TxPlace::MACLEN::of(layers.link_bytes) | TxPlace::IPLEN::of(layers.network_bytes);
    auto kind = TxContext::TYPE::of(type_context) | TxContext::DEXT::of(1) |
                TxContext::IPV4::of(layers.network == Network::ipv4 ? 1 : 0) |
                TxContext::L4T::of(layers.transport == Transport::tcp ? l4t_tcp : l4t_udp);
    if (packet.is_large())
        kind = kind | TxContext::L4LEN::of(layers.transport_bytes) | TxContext::MSS::of(packet.segment_bytes);
    return {place.raw, kind.raw};
}

io::Bits<intel::TxData> command(Packet const& packet) {
    bool const cut = packet.is_large();
    bool const ipv4 = packet.layers.network == Network::ipv4;
    u32 const payload = packet.total() - (cut ? packet.layers.header_bytes() : 0U);
    return TxData::TYPE::of(type_data) | TxData::TSE::of(cut ? 1 : 0) |
           TxData::IXSM::of(cut && ipv4 ? 1 : 0) |
           TxData::TXSM::of(packet.checksum == Checksum::blank ? 1 : 0) | TxData::PAYLEN::of(payload);
}

}  // namespace

constinit intel::TxFormat const tx_format{context, command};

}  // namespace nic::igb

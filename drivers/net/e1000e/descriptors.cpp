// SPDX-License-Identifier: MIT
// A packet's context and command, for the 82574.
#include "drivers/net/e1000e/descriptors.hpp"

namespace nic::e1000e {

namespace {

constexpr u64 ipv4_checksum = 10;  // in its header

Descriptor context(Packet const& packet) {
    Layers const& layers = packet.layers;
    bool const ipv4 = layers.network == Network::ipv4;
    u64 const start = layers.checksum_start();
    auto const place = TxPlace::IPCSS::of(layers.link_bytes) |
                       TxPlace::IPCSO::of(layers.link_bytes + ipv4_checksum) | TxPlace::IPCSE::of(start - 1) |
                       TxPlace::TUCSS::of(start) | TxPlace::TUCSO::of(start + layers.checksum_offset());
    auto kind = TxContext::TYPE::of(type_context) | TxContext::DEXT::of(1) |
                TxContext::IPV4::of(ipv4 ? 1 : 0) |
                TxContext::TCP::of(layers.transport == Transport::tcp ? 1 : 0);
    if (packet.is_large())
        kind = kind | TxContext::TSE::of(1) | TxContext::PAYLEN::of(packet.total() - layers.header_bytes()) |
               TxContext::HDRLEN::of(layers.header_bytes()) | TxContext::MSS::of(packet.segment_bytes);
    return {place.raw, kind.raw};
}

io::Bits<intel::TxData> command(Packet const& packet) {
    bool const cut = packet.is_large();
    bool const ipv4 = packet.layers.network == Network::ipv4;
    return TxData::TYPE::of(type_data) | TxData::TSE::of(cut ? 1 : 0) |
           TxData::IXSM::of(cut && ipv4 ? 1 : 0) |
           TxData::TXSM::of(packet.checksum == Checksum::blank ? 1 : 0);
}

}  // namespace

constinit intel::TxFormat const tx_format{context, command};

}  // namespace nic::e1000e

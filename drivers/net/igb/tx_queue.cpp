// SPDX-License-Identifier: MIT
// Sending (datasheet 7.2.2 and 4.5.10). Each buffer of a packet is a data
// descriptor. Where the chip completes the checksum, or cuts the packet, it
// needs a context descriptor with the place of the headers as well, unless that
// is what it was told last.
#include "drivers/net/igb/tx_queue.hpp"

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/regs.hpp"
#include "drivers/net/igb/segmentation.hpp"

namespace nic::igb {

Result<> TxQueue::start(io::Mmio const& regs) {
    next_ = clean_ = 0;
    context_ = {};
    u64 const at = ring_.maddr().raw();
    regs.write(io::Bits<TDBAL>{static_cast<u32>(at)}, index_);
    regs.write(io::Bits<TDBAH>{static_cast<u32>(at >> 32)}, index_);
    regs.write(io::Bits<TDLEN>{Ring::bytes}, index_);
    regs.write(TXDCTL::ENABLE::of(1), index_);
    auto const enabled = [&] { return TXDCTL::ENABLE::in(regs.read<TXDCTL>(index_)) != 0; };
    if (!io::wait_until(enabled, 10 * io::millisecond))
        return Fail{Errno::timedout};
    return {};
}

u32 TxQueue::transmit(io::Mmio const& regs, std::span<PacketRef> packets, Nanos now, Counters& counters) {
    reclaim(now);
    if (in_flight() == 0)
        last_progress_ = now;
    u32 count = 0;
    for (; count < packets.size(); ++count) {
        PacketRef& packet = packets[count];
        if (room() < packet->buffers() + 1)
            break;
        counters.tx_bytes += packet->total();
        if (packet->is_large())
            prepare_to_cut(*packet);
        if (packet->checksum == Checksum::blank)
            put_context(*packet);
        put_data(std::move(packet));
    }
    counters.tx_packets += count;
    if (count != 0)
        regs.write(io::Bits<TDT>{next_}, index_);
    return count;
}

// Only the last descriptor of a packet holds it, and is the one that the chip
// writes back.
u32 TxQueue::last_of_oldest() const {
    u32 at = clean_;
    while (at != next_ && !ring_.packet(at))
        at = Ring::next(at);
    return at;
}

void TxQueue::reclaim(Nanos now) {
    // Bounded by what we have put there, whatever the chip claims.
    while (clean_ != next_) {
        u32 const last = last_of_oldest();
        if (TxData::DD::in({ring_.done_word(last)}) == 0)
            return;
        ring_.packet(last).reset();
        clean_ = Ring::next(last);
        last_progress_ = now;
    }
}

void TxQueue::put_context(Packet const& packet) {
    Layers const& layers = packet.layers;
    auto const place = TxPlace::MACLEN::of(layers.link_bytes) | TxPlace::IPLEN::of(layers.network_bytes);
    auto kind = TxContext::TYPE::of(type_context) | TxContext::DEXT::of(1) |
                TxContext::IPV4::of(layers.network == Network::ipv4 ? 1 : 0) |
                TxContext::L4T::of(layers.transport == Transport::tcp ? l4t_tcp : l4t_udp);
    if (packet.is_large())
        kind = kind | TxContext::L4LEN::of(layers.transport_bytes) | TxContext::MSS::of(packet.segment_bytes);
    Descriptor const context{place.raw, kind.raw};
    if (context_ == context)
        return;
    context_ = context;
    ring_.put(next_, place.raw, kind.raw);
    next_ = Ring::next(next_);
}

void TxQueue::put_data(PacketRef packet) {
    bool const cut = packet->is_large();
    bool const ipv4 = packet->layers.network == Network::ipv4;
    u32 const payload = packet->total() - (cut ? packet->layers.header_bytes() : 0U);
    auto const command = TxData::TYPE::of(type_data) | TxData::IFCS::of(1) | TxData::DEXT::of(1) |
                         TxData::TSE::of(cut ? 1 : 0) | TxData::IXSM::of(cut && ipv4 ? 1 : 0) |
                         TxData::TXSM::of(packet->checksum == Checksum::blank ? 1 : 0) |
                         TxData::PAYLEN::of(payload);
    u32 last = next_;
    for (Packet const* buffer = &*packet; buffer != nullptr; buffer = buffer->next()) {
        u64 const end = buffer->next() == nullptr ? 1 : 0;
        auto const word =
            command | TxData::LENGTH::of(buffer->length) | TxData::EOP::of(end) | TxData::RS::of(end);
        last = next_;
        ring_.put(next_, buffer->at.raw(), word.raw);
        next_ = Ring::next(next_);
    }
    ring_.packet(last) = std::move(packet);
}

}  // namespace nic::igb

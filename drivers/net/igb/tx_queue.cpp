// SPDX-License-Identifier: MIT
// Sending (datasheet 7.2.2 and 4.5.10). A packet is one data descriptor; one
// whose transport checksum the chip completes needs a context descriptor with
// the place of its headers, unless the chip has that place already.
#include "drivers/net/igb/tx_queue.hpp"

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/regs.hpp"

namespace nic::igb {

namespace {

constexpr u32 most_descriptors_per_packet = 2;

}  // namespace

Result<> TxQueue::start(io::Mmio const& regs) {
    next_ = clean_ = 0;
    has_context_ = false;
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
    while (count < packets.size() && room() >= most_descriptors_per_packet) {
        PacketRef& packet = packets[count++];
        counters.tx_bytes += packet->length;
        if (packet->checksum == Checksum::blank)
            put_context(packet->layers);
        put_data(std::move(packet));
    }
    counters.tx_packets += count;
    if (count != 0)
        regs.write(io::Bits<TDT>{next_}, index_);
    return count;
}

void TxQueue::reclaim(Nanos now) {
    // Bounded by what we have put there, whatever the chip claims. A context
    // descriptor holds no packet and is done when the packet behind it is.
    while (clean_ != next_) {
        u32 const data = ring_.packet(clean_) ? clean_ : Ring::next(clean_);
        if (TxData::DD::in({ring_.done_word(data)}) == 0)
            return;
        ring_.packet(data).reset();
        clean_ = Ring::next(data);
        last_progress_ = now;
    }
}

void TxQueue::put_context(Layers layers) {
    if (has_context_ && context_ == layers)
        return;
    auto const place = TxPlace::MACLEN::of(layers.link_bytes) | TxPlace::IPLEN::of(layers.network_bytes);
    auto const kind = TxContext::TYPE::of(type_context) | TxContext::DEXT::of(1) |
                      TxContext::IPV4::of(layers.network == Network::ipv4 ? 1 : 0) |
                      TxContext::L4T::of(layers.transport == Transport::tcp ? l4t_tcp : l4t_udp);
    ring_.put(next_, place.raw, kind.raw);
    next_ = Ring::next(next_);
    has_context_ = true;
    context_ = layers;
}

void TxQueue::put_data(PacketRef packet) {
    u64 const offload = packet->checksum == Checksum::blank ? 1 : 0;
    auto const command = TxData::LENGTH::of(packet->length) | TxData::TYPE::of(type_data) |
                         TxData::EOP::of(1) | TxData::IFCS::of(1) | TxData::RS::of(1) | TxData::DEXT::of(1) |
                         TxData::TXSM::of(offload) | TxData::PAYLEN::of(packet->length);
    ring_.put(next_, packet->at.raw(), command.raw);
    ring_.packet(next_) = std::move(packet);
    next_ = Ring::next(next_);
}

}  // namespace nic::igb

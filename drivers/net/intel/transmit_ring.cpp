// SPDX-License-Identifier: MIT
// Each buffer of a packet is a data descriptor. Where the chip completes the
// checksum, or cuts the packet, it needs a context descriptor with the place of
// the headers as well, unless that is what it was told last.
#include "drivers/net/intel/transmit_ring.hpp"

#include "drivers/net/intel/segmentation.hpp"

namespace nic::intel {

void TransmitRing::clear() {
    next_ = clean_ = 0;
    context_ = {};
    progress_ = {};
}

u32 TransmitRing::transmit(std::span<PacketRef> packets, QueueCounters& counters) {
    reclaim();
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
        put_data(packet);
    }
    counters.tx_packets += count;
    return count;
}

// Only the last descriptor of a packet holds it, and is the one that the chip
// writes back.
u32 TransmitRing::last_of_oldest() const {
    u32 at = clean_;
    while (at != next_ && !ring_.packet(at))
        at = Ring::next(at);
    return at;
}

void TransmitRing::reclaim() {
    // Bounded by what we have put there, whatever the chip claims.
    while (!idle()) {
        u32 const last = last_of_oldest();
        if (!is_done(last))
            return;
        ring_.packet(last).reset();
        clean_ = Ring::next(last);
        progress_.count();
    }
}

void TransmitRing::put_context(Packet const& packet) {
    Descriptor const context = format_->context(packet);
    if (context_ == context)
        return;
    context_ = context;
    ring_.put(next_, context.low, context.high);
    next_ = Ring::next(next_);
}

void TransmitRing::put_data(PacketRef& packet) {
    auto const command = format_->command(*packet) | TxData::IFCS::of(1) | TxData::DEXT::of(1);
    u32 last = next_;
    for (Packet const* buffer = &*packet; buffer != nullptr; buffer = buffer->next()) {
        u64 const end = buffer->next() == nullptr ? 1 : 0;
        auto const word =
            command | TxData::LENGTH::of(buffer->length) | TxData::EOP::of(end) | TxData::RS::of(end);
        last = next_;
        ring_.put(next_, buffer->at.raw(), word.raw);
        next_ = Ring::next(next_);
    }
    ring_.packet(last).swap(packet);  // nothing was there
}

}  // namespace nic::intel

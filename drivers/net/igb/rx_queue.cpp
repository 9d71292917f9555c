// SPDX-License-Identifier: MIT
// Receiving (datasheet 7.1.4.3 and 4.5.9). The ring stays full: a received
// buffer is replaced by a fresh one, and posted again when there is none or
// the frame is bad, so every posted buffer completes exactly once.
#include "drivers/net/igb/rx_queue.hpp"

#include "drivers/io/clock.hpp"
#include "drivers/net/igb/regs.hpp"

namespace nic::igb {

Result<> RxQueue::start(io::Mmio const& regs) {
    next_ = 0;
    discarding_ = false;
    incoming_.reset();
    for (u32 i = 0; i < ring_size; ++i) {
        ring_.packet(i) = pool_->take();
        if (!ring_.packet(i))
            return Fail{Errno::nobufs};
        post(i);
    }
    u64 const at = ring_.maddr().raw();
    regs.write(io::Bits<RDBAL>{static_cast<u32>(at)}, index_);
    regs.write(io::Bits<RDBAH>{static_cast<u32>(at >> 32)}, index_);
    regs.write(io::Bits<RDLEN>{Ring::bytes}, index_);
    regs.write(SRRCTL::BSIZEPACKET::of(buffer_bytes / 1024) |
                   SRRCTL::DESCTYPE::of(desctype_advanced_one_buffer) | SRRCTL::DROP_EN::of(1),
               index_);
    regs.write(RXDCTL::ENABLE::of(1), index_);
    auto const enabled = [&] { return RXDCTL::ENABLE::in(regs.read<RXDCTL>(index_)) != 0; };
    if (!io::wait_until(enabled, 10 * io::millisecond))
        return Fail{Errno::timedout};
    // Head equal to tail means empty, so one place is never given away.
    regs.write(io::Bits<RDT>{ring_size - 1}, index_);
    return {};
}

u32 RxQueue::receive(io::Mmio const& regs, std::span<PacketRef> into, Counters& counters) {
    u32 count = 0;
    u32 const first = next_;
    // One lap at most: a chip that claims everything is done ends here too.
    for (u32 seen = 0; seen < ring_size - 1 && count < into.size(); ++seen) {
        io::Bits<RxDone> const done{ring_.done_word(next_)};
        if (RxDone::DD::in(done) == 0)
            break;
        take(done, counters);
        post(next_);
        next_ = Ring::next(next_);
        if (RxDone::EOP::in(done) == 0)
            continue;
        if (!discarding_)
            into[count++] = finish(done, counters);
        discarding_ = false;
    }
    counters.rx_packets += count;
    if (next_ != first)
        regs.write(io::Bits<RDT>{(next_ + ring_size - 1) % ring_size}, index_);
    return count;
}

// Adds the completed buffer to the frame that is coming in. From the first
// piece that is no good to its last one the frame is discarded.
void RxQueue::take(io::Bits<RxDone> done, Counters& counters) {
    if (discarding_)
        return;
    if (!acceptable(done)) {
        ++counters.rx_bad;
        return discard();
    }
    PacketRef fresh = pool_->take();
    if (!fresh) {
        ++counters.rx_no_buffer;
        return discard();
    }
    PacketRef received = std::exchange(ring_.packet(next_), std::move(fresh));
    received->length = static_cast<u16>(RxDone::LENGTH::in(done));
    if (incoming_)
        incoming_->append(std::move(received));
    else
        incoming_ = std::move(received);
}

PacketRef RxQueue::finish(io::Bits<RxDone> done, Counters& counters) {
    bool const verified = RxDone::L4I::in(done) != 0 && RxDone::L4E::in(done) == 0;
    incoming_->checksum = verified ? Checksum::valid : Checksum::unknown;
    counters.rx_bytes += incoming_->total();
    return std::move(incoming_);
}

void RxQueue::discard() {
    discarding_ = true;
    incoming_.reset();
}

// Errors are told with the last piece; all before it fill their buffers.
bool RxQueue::acceptable(io::Bits<RxDone> done) const {
    bool const last = RxDone::EOP::in(done) != 0;
    u64 const length = RxDone::LENGTH::in(done);
    if (!last && length != buffer_bytes)
        return false;
    u64 const before = incoming_ ? incoming_->total() : 0;
    return (!last || RxDone::RXE::in(done) == 0) && length != 0 && length <= buffer_bytes &&
           before + length >= header_bytes && before + length <= longest_frame;
}

void RxQueue::post(u32 index) {
    ring_.put(index, ring_.packet(index)->at.raw(), 0);
}

}  // namespace nic::igb

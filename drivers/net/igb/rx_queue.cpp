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
    unfinished_.reset();
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
    into[0] = std::move(unfinished_);
    // One lap at most: a chip that claims everything is done ends here too.
    for (u32 seen = 0; seen < ring_size - 1 && count < into.size(); ++seen) {
        io::Bits<RxDone> const done{ring_.done_word(next_)};
        if (RxDone::DD::in(done) == 0)
            break;
        PacketRef& frame = into[count];
        if (!discarding_)
            take(done, frame, counters);
        post(next_);
        next_ = Ring::next(next_);
        if (RxDone::EOP::in(done) == 0)
            continue;
        discarding_ = false;
        if (!frame)
            continue;
        bool const verified = RxDone::L4I::in(done) != 0 && RxDone::L4E::in(done) == 0;
        frame->checksum = verified ? Checksum::valid : Checksum::unknown;
        counters.rx_bytes += frame->total();
        ++count;
    }
    if (count < into.size())
        unfinished_ = std::move(into[count]);
    counters.rx_packets += count;
    if (next_ != first)
        regs.write(io::Bits<RDT>{(next_ + ring_size - 1) % ring_size}, index_);
    return count;
}

// Adds the completed buffer to the frame that is coming in, which may be none
// yet. From the first piece that is no good to its last the frame is discarded.
void RxQueue::take(io::Bits<RxDone> done, PacketRef& frame, Counters& counters) {
    PacketRef fresh;
    if (!acceptable(done, frame ? frame->total() : 0))
        ++counters.rx_bad;
    else if (fresh = pool_->take(); !fresh)
        ++counters.rx_no_buffer;
    if (!fresh) {
        discarding_ = true;
        return frame.reset();
    }
    PacketRef& posted = ring_.packet(next_);
    posted->length = static_cast<u16>(RxDone::LENGTH::in(done));
    posted.swap(fresh);
    if (frame)
        frame->append(std::move(fresh));
    else
        frame.swap(fresh);
}

// Errors are told with the last piece; all before it fill their buffers.
bool RxQueue::acceptable(io::Bits<RxDone> done, u32 before) {
    u64 const length = RxDone::LENGTH::in(done);
    bool const whole = RxDone::EOP::in(done) != 0 ? RxDone::RXE::in(done) == 0 : length == buffer_bytes;
    return whole && length != 0 && length <= buffer_bytes && before + length >= header_bytes &&
           before + length <= longest_frame;
}

void RxQueue::post(u32 index) {
    ring_.put(index, ring_.packet(index)->at.raw(), 0);
}

}  // namespace nic::igb

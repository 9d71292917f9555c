// SPDX-License-Identifier: MIT
// The ring stays full: a received buffer is replaced by a fresh one, and posted
// again when there is none or the frame is bad, so every posted buffer
// completes exactly once.
#include "drivers/net/intel/receive_ring.hpp"

#include <array>
#include <cstring>

#include "drivers/net/intel/received.hpp"

namespace nic::intel {

namespace {

constexpr usize address_bytes = 12;

// False: the first buffer is full, which it is of long broadcasts alone.
bool put_back_tag(Packet& frame, u16 tag) {
    if (frame.room() < max_tags)
        return false;
    std::byte* const at = frame.data + address_bytes;
    std::memmove(at + max_tags, at, frame.length - address_bytes);
    std::array const octets{u8{0x81}, u8{0x00}, static_cast<u8>(tag >> 8), static_cast<u8>(tag)};
    std::memcpy(at, octets.data(), octets.size());
    frame.length = static_cast<u16>(frame.length + max_tags);
    return true;
}

}  // namespace

Result<> ReceiveRing::fill() {
    next_ = 0;
    filled_ = discarding_ = nonsense_ = false;
    unfinished_.reset();
    for (u32 i = 0; i < ring_size; ++i) {
        ring_.packet(i) = pool_->take();
        if (!ring_.packet(i))
            return Fail{Errno::nobufs};
        post(i);
    }
    filled_ = true;
    return {};
}

u32 ReceiveRing::receive(std::span<PacketRef> into, QueueCounters& counters) {
    if (!filled_)
        return 0;
    u32 count = 0;
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
        if (RxDone::VP::in(done) != 0 && !put_back_tag(*frame, static_cast<u16>(RxDone::TAG::in(done)))) {
            ++counters.rx_bad;
            frame.reset();
            continue;
        }
        frame->checksum = checksum_of(done);
        counters.rx_bytes += frame->total();
        ++count;
    }
    if (count < into.size())
        unfinished_ = std::move(into[count]);
    counters.rx_packets += count;
    return count;
}

// Adds the completed buffer to the frame that is coming in, which may be none
// yet. From the first piece that is no good to its last the frame is discarded.
void ReceiveRing::take(io::Bits<RxDone> done, PacketRef& frame, QueueCounters& counters) {
    PacketRef fresh;
    if (!acceptable(done, frame ? frame->total() : 0, longest_frame_)) {
        ++counters.rx_bad;
        nonsense_ = nonsense_ || is_nonsense(done);
    } else if (fresh = pool_->take(); !fresh) {
        ++counters.rx_no_buffer;
    }
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

void ReceiveRing::post(u32 index) {
    ring_.put(index, ring_.packet(index)->at.raw(), 0);
}

}  // namespace nic::intel

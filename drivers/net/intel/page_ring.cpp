// SPDX-License-Identifier: MIT
// What the chip wrote back is read as one word, which is believed or not; a
// frame is told when all of it is there.
#include "drivers/net/intel/page_ring.hpp"

#include <algorithm>

#include "drivers/net/intel/received.hpp"

namespace nic::intel {

void PageRing::put(Maddr page) {
    pages_[tail_] = page;
    descriptors_.put(tail_, page.raw(), 0);
    tail_ = Descriptors::next(tail_);
}

void PageRing::post(std::span<Maddr const> pages) {
    for (Maddr const page : pages)
        put(page);
}

bool PageRing::pending() const {
    return !done_.empty() || (next_ != tail_ && RxDone::DD::in({descriptors_.done_word(next_)}) != 0);
}

u32 PageRing::completed(std::span<Filled> into, QueueCounters& counters) {
    u32 count = done_.empty() ? 0 : repeat(into);
    if (!done_.empty())
        return count;
    while (u32 const pieces = take_frame(into.subspan(count), counters))
        count += pieces;
    return count;
}

// The oldest frame, if it is whole and has room; how many pages it has. Most
// have one, and nothing of a frame that turns out to have more is kept.
u32 PageRing::take_frame(std::span<Filled> into, QueueCounters& counters) {
    if (next_ == tail_ || into.empty())
        return 0;
    io::Bits<RxDone> const done{descriptors_.done_word(next_)};
    if (RxDone::DD::in(done) == 0)
        return 0;
    if (RxDone::EOP::in(done) == 0 || discarding_ || !acceptable(done, 0, longest_frame_))
        return take_pieces(into, counters);
    auto const length = static_cast<u16>(RxDone::LENGTH::in(done));
    into.front() = {length, true, checksum_of(done), is_tcp(done)};
    next_ = Descriptors::next(next_);
    ++counters.rx_packets;
    counters.rx_bytes += length;
    return 1;
}

u32 PageRing::take_pieces(std::span<Filled> into, QueueCounters& counters) {
    u32 pieces = 0;
    u32 bytes = 0;
    for (u32 at = next_; at != tail_ && pieces < into.size(); at = Descriptors::next(at)) {
        io::Bits<RxDone> const done{descriptors_.done_word(at)};
        if (RxDone::DD::in(done) == 0)
            return 0;
        bool const end = RxDone::EOP::in(done) != 0;
        auto const length = static_cast<u16>(RxDone::LENGTH::in(done));
        into[pieces++] = {length, end, checksum_of(done), is_tcp(done)};
        if (discarding_ || !acceptable(done, bytes, longest_frame_)) {
            nonsense_ = nonsense_ || is_nonsense(done);
            return take_bad(into.first(pieces), end, counters);
        }
        bytes += length;
        if (!end)
            continue;
        next_ = Descriptors::next(at);
        ++counters.rx_packets;
        counters.rx_bytes += bytes;
        return pieces;
    }
    return 0;
}

// A frame is counted once, though it may be given up piece by piece.
u32 PageRing::take_bad(std::span<Filled> pieces, bool ended, QueueCounters& counters) {
    counters.rx_bad += discarding_ ? 0 : 1;
    discarding_ = !ended;
    std::ranges::fill(pieces, Filled{});
    auto const count = static_cast<u32>(pieces.size());
    next_ = (next_ + count) % ring_size;
    return count;
}

// Whole frames of those that were done before a reset.
u32 PageRing::repeat(std::span<Filled> into) {
    u32 whole = 0;
    for (u32 i = 0; i < std::min(into.size(), done_.size()); ++i)
        whole = done_[i].end_of_frame ? i + 1 : whole;
    std::copy_n(done_.begin(), whole, into.begin());
    done_.erase(done_.begin(), done_.begin() + whole);
    return whole;
}

void PageRing::save_done(QueueCounters& counters) {
    std::array<Filled, ring_size> all;
    u32 count = 0;
    while (u32 const pieces = take_frame(std::span{all}.subspan(count), counters))
        count += pieces;
    done_.insert(done_.end(), all.begin(), all.begin() + count);
    discarding_ = false;
}

void PageRing::rewind(QueueCounters& counters) {
    save_done(counters);
    nonsense_ = false;
    u32 const left = posted();
    auto const pages = pages_;
    u32 const first = std::exchange(next_, 0);
    tail_ = 0;
    for (u32 i = 0; i < left; ++i)
        put(pages[(first + i) % ring_size]);
}

u32 PageRing::finish(QueueCounters& counters) {
    save_done(counters);
    u32 const left = posted();
    tail_ = next_;
    return left;
}

}  // namespace nic::intel

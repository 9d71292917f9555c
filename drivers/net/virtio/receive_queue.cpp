// SPDX-License-Identifier: MIT
// The ring stays full: a received buffer is replaced by a fresh one, and posted
// again when there is none or the frame is bad.
#include "drivers/net/virtio/receive_queue.hpp"

namespace nic::virtio_net {

Result<> ReceiveQueue::fill(Receives receives, bool by_index) {
    receives_ = receives;
    ring_.clear(by_index);
    missing_ = 0;
    discarding_ = broken_ = false;
    unfinished_.reset();
    while (ring_.room() != 0) {
        auto buffer = pool_->take();
        if (!buffer)
            return Fail{Errno::nobufs};
        post(std::move(buffer));
    }
    return {};
}

void ReceiveQueue::post(PacketRef buffer) {
    virtio::Piece const piece{buffer->at, buffer_bytes, true};
    shadow_[ring_.next_head()] = std::move(buffer);
    ring_.add({&piece, 1});
}

u32 ReceiveQueue::receive(std::span<PacketRef> into, Counters& counters) {
    u32 count = 0;
    into[0] = std::move(unfinished_);
    // One lap at most: a device that returns without end ends here too.
    for (u32 seen = 0; seen < ring_.size() && count < into.size() && !broken(); ++seen) {
        auto const used = ring_.take();
        if (!used)
            break;
        PacketRef& buffer = shadow_[used->head];
        // Taken back when the device was stopped, but it goes on.
        broken_ = broken_ || !buffer;
        if (broken_)
            break;
        PacketRef& frame = into[count];
        add(std::move(buffer), used->bytes, frame, counters);
        if (missing_ != 0 || !frame)
            continue;
        if (!finish(*frame)) {
            ++counters.rx_bad;
            frame.reset();
            continue;
        }
        counters.rx_bytes += frame->total();
        ++count;
    }
    if (count < into.size())
        unfinished_ = std::move(into[count]);
    counters.rx_packets += count;
    return count;
}

// The buffer goes to the frame and a fresh one to the device, or back to it.
void ReceiveQueue::add(PacketRef buffer, u32 bytes, PacketRef& frame, Counters& counters) {
    bool const first = missing_ == 0;
    if (first)
        begin(*buffer, bytes);
    --missing_;
    PacketRef fresh;
    if (discarding_)
        return post(std::move(buffer));
    if (!acceptable(bytes, frame ? frame->total() : 0))
        ++counters.rx_bad;
    else if (fresh = pool_->take(); !fresh)
        ++counters.rx_no_buffer;
    if (!fresh) {
        discarding_ = true;
        frame.reset();
        return post(std::move(buffer));
    }
    post(std::move(fresh));
    buffer->length = static_cast<u16>(bytes);
    if (!first)
        return frame->append(std::move(buffer));
    buffer->trim_front(sizeof(Header));
    frame = std::move(buffer);
}

// Without a header the buffer is a frame of its own, which is not acceptable.
// With a nonsensical one nobody knows where the next frame begins.
void ReceiveQueue::begin(Packet const& buffer, u32 bytes) {
    discarding_ = false;
    header_ = {};
    if (bytes >= sizeof(Header))
        std::memcpy(&header_, buffer.data, sizeof(Header));
    missing_ = bytes >= sizeof(Header) ? header_.buffers : 1;
    if (missing_ != 0 && missing_ <= full_buffers)
        return;
    broken_ = true;
    missing_ = 1;
}

// All but the last buffer of a frame are full.
bool ReceiveQueue::acceptable(u32 bytes, u32 before) const {
    u32 const header = before == 0 ? sizeof(Header) : 0;
    return !broken_ && bytes <= buffer_bytes && (missing_ == 0 || bytes == buffer_bytes) && bytes > header &&
           before + bytes - header >= header_bytes && before + bytes - header <= largest_frame;
}

bool ReceiveQueue::finish(Packet& frame) const {
    bool const blank = (header_.flags & needs_checksum) != 0;
    bool const large = header_.kind != kind_one;
    if (large && (!receives_.large || !blank || header_.segment_bytes == 0 ||
                  (header_.kind != kind_tcp4 && header_.kind != kind_tcp6)))
        return false;
    if ((blank && !receives_.blank_checksums) || (!large && frame.total() > receives_.max_frame))
        return false;
    frame.segment_bytes = large ? header_.segment_bytes : u16{0};
    frame.checksum = blank                               ? Checksum::blank
                     : (header_.flags & data_valid) != 0 ? Checksum::valid
                                                         : Checksum::unknown;
    return true;
}

}  // namespace nic::virtio_net

// SPDX-License-Identifier: MIT
#include "guest-pv/net/rx_ring.hpp"

#include "kernel/abi/backend_pages.hpp"

namespace net {

namespace {

bool fits(usize offset, usize length) {
    return offset <= page_size && length <= page_size - offset;
}

}  // namespace

RxRing::RxRing(std::byte* page, Buffers buffers) : ring_{page}, buffers_{buffers} {
    while (ring_.room() > 0)
        post();
}

// A request's id is its slot, and so is the number of its buffer.
void RxRing::post() {
    u32 const slot = ring_.request_slot();
    ring_.put({.id = static_cast<u16>(slot), .pad = 0, .gref = buffers_[slot].ref.raw()});
}

bool RxRing::repost() {
    while (ring_.room() > 0)
        post();
    return ring_.publish();
}

// Answers come in the order of the requests, so the id is known beforehand.
Result<netif_rx_response_t> RxRing::take_response() {
    u32 const slot = ring_.response_slot();
    auto const response = ring_.take();
    if (response.id != slot)
        return Fail{Errno::io};
    return response;
}

// Extra information has no id, and its slot's buffer is unused. This frontend
// asked for nothing that needs any, so what it says is not of interest.
u32 RxRing::skip_extras(u32 waiting, bool& complete) {
    u32 taken = 0;
    bool more = true;
    while (more && taken < waiting) {
        auto const response = ring_.take();
        netif_extra_info_t extra;
        static_assert(sizeof extra == sizeof response);
        std::memcpy(&extra, &response, sizeof extra);
        more = (extra.flags & XEN_NETIF_EXTRA_FLAG_MORE) != 0;
        taken++;
    }
    complete = !more;
    return taken;
}

bool RxRing::add_fragment(Buffer const& buffer, netif_rx_response_t const& response) {
    if (response.status <= 0 || fragment_count_ == max_fragments)
        return false;
    auto const length = static_cast<usize>(response.status);
    if (!fits(response.offset, length) || length > max_frame - frame_bytes_)
        return false;
    fragments_[fragment_count_++] = {buffer.page + response.offset, length};
    frame_bytes_ += length;
    return true;
}

// Of an error there is nothing to bring.
bool RxRing::bring(u32 slot, netif_rx_response_t const& response) {
    auto const length = static_cast<usize>(std::max<s16>(response.status, 0));
    if (backend_pages_ == nullptr || !fits(response.offset, length))
        return false;
    usize const place = slot * page_size + response.offset;
    std::memcpy(buffers_[slot].page + response.offset, backend_pages_ + place, length);
    return true;
}

// One frame out of `waiting` slots, at least one; how many it took. A spoiled
// frame is taken to its end and leaves no fragments.
Result<u32> RxRing::take_frame(u32 waiting) {
    fragment_count_ = 0;
    frame_bytes_ = 0;
    bool good = true;
    bool more = true;
    u32 taken = 0;
    for (bool first = true; more && taken < waiting; first = false) {
        u32 const slot = ring_.response_slot();
        auto const response = TRY(take_response());
        taken++;
        if (first && (response.flags & NETRXF_extra_info) != 0)
            taken += skip_extras(waiting - taken, good);
        if ((response.flags & backend_pages::is_here) != 0)
            good = bring(slot, response) && good;
        good = add_fragment(buffers_[slot], response) && good;
        more = (response.flags & NETRXF_more_data) != 0;
    }
    // A frame is published whole: one that stops short is spoiled, too.
    if (!good || more) {
        fragment_count_ = 0;
        counts_.errors++;
        return taken;
    }
    counts_.frames++;
    counts_.bytes += frame_bytes_;
    return taken;
}

}  // namespace net

// SPDX-License-Identifier: MIT
#include "guest-pv/net/tx_ring.hpp"

namespace net {

TxRing::TxRing(std::byte* page, Buffers buffers) : ring_{page}, buffers_{buffers} {
    for (usize id = 0; id < slots; id++)
        free_[free_count_++] = static_cast<u16>(id);
}

std::span<std::byte> TxRing::next_buffer() const {
    return {buffers_[free_[free_count_ - 1]].page, page_size};
}

void TxRing::push(usize length) {
    u16 const id = free_[--free_count_];
    in_flight_.set(id);
    ring_.put({.gref = buffers_[id].ref.raw(),
               .offset = 0,
               .flags = 0,
               .id = id,
               .size = static_cast<u16>(length)});
    counts_.frames++;
    counts_.bytes += length;
}

Result<> TxRing::reap() {
    for (u32 count = TRY(ring_.available()); count > 0; count--) {
        auto const response = ring_.take();
        if (response.id >= slots || !in_flight_.test(response.id))
            return Fail{Errno::io};
        in_flight_.reset(response.id);
        free_[free_count_++] = response.id;
        if (response.status != NETIF_RSP_OKAY)
            counts_.refused++;
    }
    return {};
}

}  // namespace net

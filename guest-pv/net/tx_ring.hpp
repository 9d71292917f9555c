// SPDX-License-Identifier: MIT
// Sending: frames are copied into buffers that the backend may read, one frame
// a buffer. Pure logic over memory; the owner grants, notifies and listens.
#pragma once

#include <array>
#include <bitset>
#include <span>

#include "guest-pv/net/buffer.hpp"
#include "guest-pv/net/front_ring.hpp"
#include "kernel/abi/netif.hpp"

namespace net {

class TxRing {
  public:
    using Ring = FrontRing<netif_tx_request_t, netif_tx_response_t>;
    static constexpr usize slots = Ring::size;
    using Buffers = std::span<Buffer const, slots>;

    struct Counts {
        u64 frames = 0, bytes = 0;
        u64 refused = 0;  // the backend reported that it could not send
    };

    // `buffers` outlive the ring.
    TxRing(std::byte* page, Buffers buffers);

    [[nodiscard]] bool full() const { return free_count_ == 0; }

    // A buffer to write the next frame to; there must be a free one.
    [[nodiscard]] std::span<std::byte> next_buffer() const;
    // Queue what was written there. Lengths beyond a page do not exist.
    void push(usize length);
    [[nodiscard]] bool publish() { return ring_.publish(); }

    // Takes the buffers of sent frames back. An answer to something that was
    // not asked, or asked once and answered before, is an error for good.
    Result<> reap();
    [[nodiscard]] bool listen() { return ring_.listen(); }

    [[nodiscard]] Counts const& counts() const { return counts_; }

  private:
    Ring ring_;
    Buffers buffers_;
    std::bitset<slots> in_flight_;
    std::array<u16, slots> free_;  // a stack: the buffer used last is warm
    usize free_count_ = 0;
    Counts counts_;
};

}  // namespace net

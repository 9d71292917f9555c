// SPDX-License-Identifier: MIT
// Receiving: the backend fills buffers in the order they were posted. A frame
// may span several of them and be preceded by extra information. Its bytes are
// copied out before anybody looks at them, since the backend can still change
// the buffer. Where it has pages of its own for what comes (kernel/abi/backend_pages.hpp)
// it is this side that copies from there to the buffer. Pure logic over memory, as
// in tx_ring.hpp.
#pragma once

#include <array>
#include <span>

#include "guest-pv/net/buffer.hpp"
#include "guest-pv/net/front_ring.hpp"
#include "kernel/abi/netif.hpp"

namespace net {

class RxRing {
  public:
    using Ring = FrontRing<netif_rx_request_t, netif_rx_response_t>;
    static constexpr usize slots = Ring::size;
    using Buffers = std::span<Buffer const, slots>;

    static constexpr usize max_frame = XEN_NETIF_MAX_TX_SIZE;
    // As many as any backend has reason to use for one frame.
    static constexpr usize max_fragments = XEN_NETIF_NR_SLOTS_MIN + 1;

    struct Counts {
        u64 frames = 0, bytes = 0;
        u64 errors = 0;  // frames the backend or their own shape spoiled
    };

    // Posts all buffers, which outlive the ring; the owner publishes them.
    RxRing(std::byte* page, Buffers buffers);

    // Pages of the backend's that belong to the slots, one after the other. It says of
    // each answer whether it means these.
    using BackendPages = std::span<std::byte const, slots * page_size>;
    void read_from(BackendPages pages) { backend_pages_ = pages.data(); }

    // Takes frames until the ring is empty or `most` are done, and hands the
    // pieces of each to `frame`. Their bytes are the backend's to change until
    // they are copied. Says how many slots were answered; an impossible answer
    // is an error for good.
    using Pieces = std::span<std::span<std::byte const> const>;
    template <class F>
    Result<usize> receive(usize most, F frame) {
        usize taken = 0;
        u32 waiting = TRY(ring_.available());
        for (; taken < most && waiting > 0; taken++) {
            waiting -= TRY(take_frame(waiting));
            if (fragment_count_ > 0)
                frame(Pieces{fragments_.data(), fragment_count_});
        }
        return taken;
    }

    // Posts the buffers of all frames received so far again.
    [[nodiscard]] bool repost();
    [[nodiscard]] bool listen() { return ring_.listen(); }

    [[nodiscard]] Counts const& counts() const { return counts_; }

  private:
    Result<u32> take_frame(u32 waiting);
    bool add_fragment(Buffer const& buffer, netif_rx_response_t const& response);
    // From the backend's page to the buffer. False: it cannot be.
    bool bring(u32 slot, netif_rx_response_t const& response);
    Result<netif_rx_response_t> take_response();
    u32 skip_extras(u32 waiting, bool& complete);
    void post();

    Ring ring_;
    Buffers buffers_;
    std::byte const* backend_pages_ = nullptr;  // none so far
    std::array<std::span<std::byte const>, max_fragments> fragments_;
    usize fragment_count_ = 0;
    usize frame_bytes_ = 0;
    Counts counts_;
};

}  // namespace net

// SPDX-License-Identifier: MIT
// One queue of a network device: both rings, their buffers with the grants
// that let the backend reach them, and the event channel.
#pragma once

#include <memory>
#include <vector>

#include "guest-pv/net/rx_ring.hpp"
#include "guest-pv/net/tx_ring.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/memory/pages.hpp"

namespace net {

// A page and the grant on it. When the backend still holds it at the end the
// page is lost: better that than memory somebody else writes to.
class GrantedPage {
  public:
    static Result<GrantedPage> make(DomId peer, rt::Access access);
    GrantedPage(GrantedPage&&) noexcept = default;
    GrantedPage& operator=(GrantedPage&&) = delete;
    ~GrantedPage();

    [[nodiscard]] std::byte* data() const { return page_.data(); }
    [[nodiscard]] GrantRef ref() const { return grant_.ref(); }

  private:
    GrantedPage(rt::Pages page, rt::Grant grant) : page_{std::move(page)}, grant_{std::move(grant)} {}

    rt::Pages page_;
    rt::Grant grant_;
};

class Queue {
  public:
    static Result<std::unique_ptr<Queue>> make(DomId backend);

    [[nodiscard]] GrantRef tx_ring_ref() const { return tx_page_.ref(); }
    [[nodiscard]] GrantRef rx_ring_ref() const { return rx_page_.ref(); }
    [[nodiscard]] rt::EventChannel& channel() { return channel_; }
    [[nodiscard]] TxRing& tx() { return tx_; }
    [[nodiscard]] RxRing& rx() { return rx_; }

    // Tell the backend of buffers to fill, of frames to send.
    void publish_rx();
    void publish_tx();

  private:
    using Buffers = std::vector<Buffer>;

    Queue(rt::EventChannel channel, GrantedPage tx_page, GrantedPage rx_page, std::vector<GrantedPage> owned);
    static Buffers buffers_of(std::span<GrantedPage const> pages);

    rt::EventChannel channel_;
    GrantedPage tx_page_;
    GrantedPage rx_page_;
    std::vector<GrantedPage> owned_;  // tx buffers, then rx buffers
    Buffers buffers_;
    TxRing tx_;
    RxRing rx_;
};

}  // namespace net

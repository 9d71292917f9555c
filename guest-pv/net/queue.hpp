// SPDX-License-Identifier: MIT
// One queue of a network device: both rings, their buffers with the grants
// that let the backend reach them, and the event channel.
#pragma once

#include <memory>
#include <vector>

#include "guest-pv/net/granted_page.hpp"
#include "guest-pv/net/rx_ring.hpp"
#include "guest-pv/net/tx_ring.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/grant/map.hpp"

namespace net {

class Queue {
  public:
    static Result<std::unique_ptr<Queue>> make(DomId backend);

    [[nodiscard]] GrantRef tx_ring_ref() const { return tx_page_.ref(); }
    [[nodiscard]] GrantRef rx_ring_ref() const { return rx_page_.ref(); }
    [[nodiscard]] rt::EventChannel& channel() { return channel_; }
    [[nodiscard]] TxRing& tx() { return tx_; }
    [[nodiscard]] RxRing& rx() { return rx_; }

    // All its buffers, as the control ring wants to know them.
    [[nodiscard]] std::vector<xen_netif_gref> declaration() const;

    // What the backend puts into these pages of its own can be received from now on.
    Result<> map_backend_pages(DomId backend, std::span<GrantRef const> pages);
    [[nodiscard]] bool has_backend_pages() const { return bool{backend_pages_}; }

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
    rt::GrantMapping backend_pages_;  // outlive the rings
    Buffers buffers_;
    TxRing tx_;
    RxRing rx_;
};

}  // namespace net

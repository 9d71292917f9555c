// SPDX-License-Identifier: MIT
// The control ring of a device ("Control ring" in xen/io/netif.h), by which
// pages are declared to the backend that are used again and again: it maps
// them once and needs no hypercall to reach them. Pages of the backend's are
// asked for in the same way.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "guest-pv/net/front_ring.hpp"
#include "guest-pv/net/granted_page.hpp"
#include "guest-pv/rt/event.hpp"
#include "kernel/abi/netif.hpp"

namespace net {

class Control {
  public:
    static constexpr usize most_pages = page_size / sizeof(xen_netif_gref);

    static Result<std::unique_ptr<Control>> make(DomId backend);

    [[nodiscard]] GrantRef ring_ref() const { return ring_page_.ref(); }
    [[nodiscard]] rt::EventChannel const& channel() const { return channel_; }

    // Of a queue, most_pages at a time. They stay declared until the device is
    // closed. Errno::opnotsupp: the backend keeps none.
    Result<> declare(u32 queue, std::span<xen_netif_gref const> pages);

    // The backend's pages for what a queue receives, by slot, and then that they
    // can be read. Errno::opnotsupp: it has none just now.
    Result<std::vector<GrantRef>> backend_pages(u32 queue);
    Result<> use_backend_pages(u32 queue);

  private:
    Control(rt::EventChannel channel, GrantedPage ring_page, GrantedPage list_page);

    Result<xen_netif_ctrl_response> await(u16 id);
    Result<u32> ask(u16 type, u32 queue, u32 list, u32 entries);

    rt::EventChannel channel_;
    GrantedPage ring_page_;
    GrantedPage list_page_;
    FrontRing<xen_netif_ctrl_request, xen_netif_ctrl_response> ring_;
    u16 next_id_ = 0;
};

}  // namespace net

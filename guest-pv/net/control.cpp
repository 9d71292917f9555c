// SPDX-License-Identifier: MIT
#include "guest-pv/net/control.hpp"

#include <algorithm>

#include "guest-pv/net/rx_ring.hpp"
#include "kernel/abi/backend_pages.hpp"

namespace net {

namespace {

// A backend that does not answer is done without.
constexpr Nanos patience = 5 * rt::second;

}  // namespace

Result<std::unique_ptr<Control>> Control::make(DomId backend) {
    auto channel = TRY(rt::EventChannel::alloc_unbound(backend));
    auto ring_page = TRY(GrantedPage::make(backend, rt::Access::read_write));
    auto list_page = TRY(GrantedPage::make(backend, rt::Access::read_write));
    return std::unique_ptr<Control>{
        new Control{std::move(channel), std::move(ring_page), std::move(list_page)}};
}

Control::Control(rt::EventChannel channel, GrantedPage ring_page, GrantedPage list_page)
    : channel_{std::move(channel)},
      ring_page_{std::move(ring_page)},
      list_page_{std::move(list_page)},
      ring_{ring_page_.data()} {}

// What comes before is for requests that were given up: their backend ended, and
// the next one answers them. However many there are, it ends at the deadline.
Result<xen_netif_ctrl_response> Control::await(u16 id) {
    Nanos const deadline = rt::now() + patience;
    do {
        while (TRY(ring_.available()) == 0)
            if (!ring_.listen() && !channel_.wait(deadline))
                return Fail{Errno::timedout};
        auto const response = ring_.take();
        if (response.id == id)
            return response;
    } while (rt::now() < deadline);
    return Fail{Errno::timedout};
}

// One request at a time.
Result<u32> Control::ask(u16 type, u32 queue, u32 list, u32 entries) {
    u16 const id = next_id_++;
    ring_.put({.id = id, .type = type, .data = {queue, list, entries}});
    if (ring_.publish())
        channel_.notify();
    auto const response = TRY(await(id));
    if (response.type != type)
        return Fail{Errno::io};
    switch (response.status) {
        case XEN_NETIF_CTRL_STATUS_SUCCESS:
            return response.data;
        case XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED:
            return Fail{Errno::opnotsupp};
        default:
            return Fail{Errno::inval};
    }
}

Result<> Control::declare(u32 queue, std::span<xen_netif_gref const> pages) {
    if (TRY(ask(XEN_NETIF_CTRL_TYPE_GET_GREF_MAPPING_SIZE, queue, 0, 0)) < pages.size())
        return Fail{Errno::nospc};
    std::ranges::copy(pages, reinterpret_cast<xen_netif_gref*>(list_page_.data()));
    TRY_VOID(ask(XEN_NETIF_CTRL_TYPE_ADD_GREF_MAPPING, queue, list_page_.ref().raw(),
                 static_cast<u32>(pages.size())));
    return {};
}

Result<std::vector<GrantRef>> Control::backend_pages(u32 queue) {
    u32 const count = TRY(ask(backend_pages::list, queue, list_page_.ref().raw(), RxRing::slots));
    if (count != RxRing::slots)
        return Fail{Errno::io};
    std::vector<GrantRef> pages;
    for (auto const& entry : std::span{reinterpret_cast<xen_netif_gref const*>(list_page_.data()), count})
        pages.push_back(GrantRef{entry.ref});
    return pages;
}

Result<> Control::use_backend_pages(u32 queue) {
    TRY_VOID(ask(backend_pages::use, queue, 0, 0));
    return {};
}

}  // namespace net

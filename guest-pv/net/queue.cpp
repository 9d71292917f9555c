// SPDX-License-Identifier: MIT
#include "guest-pv/net/queue.hpp"

namespace net {

Result<std::unique_ptr<Queue>> Queue::make(DomId backend) {
    auto channel = TRY(rt::EventChannel::alloc_unbound(backend));
    auto tx_page = TRY(GrantedPage::make(backend, rt::Access::read_write));
    auto rx_page = TRY(GrantedPage::make(backend, rt::Access::read_write));
    std::vector<GrantedPage> owned;
    owned.reserve(TxRing::slots + RxRing::slots);
    for (usize slot = 0; slot < TxRing::slots; slot++)
        owned.push_back(TRY(GrantedPage::make(backend, rt::Access::read_only)));
    for (usize slot = 0; slot < RxRing::slots; slot++)
        owned.push_back(TRY(GrantedPage::make(backend, rt::Access::read_write)));
    return std::unique_ptr<Queue>{
        new Queue{std::move(channel), std::move(tx_page), std::move(rx_page), std::move(owned)}};
}

Queue::Buffers Queue::buffers_of(std::span<GrantedPage const> pages) {
    Buffers buffers;
    for (auto const& page : pages)
        buffers.push_back({.page = page.data(), .ref = page.ref()});
    return buffers;
}

Queue::Queue(rt::EventChannel channel, GrantedPage tx_page, GrantedPage rx_page,
             std::vector<GrantedPage> owned)
    : channel_{std::move(channel)},
      tx_page_{std::move(tx_page)},
      rx_page_{std::move(rx_page)},
      owned_{std::move(owned)},
      buffers_{buffers_of(owned_)},
      tx_{tx_page_.data(), std::span{buffers_}.first<TxRing::slots>()},
      rx_{rx_page_.data(), std::span{buffers_}.last<RxRing::slots>()} {}

// A backend only reads what is sent.
std::vector<xen_netif_gref> Queue::declaration() const {
    std::vector<xen_netif_gref> pages;
    for (usize i = 0; i < buffers_.size(); i++)
        pages.push_back({.ref = buffers_[i].ref.raw(),
                         .flags = static_cast<u16>(i < TxRing::slots ? XEN_NETIF_CTRLF_GREF_readonly : 0),
                         .status = 0});
    return pages;
}

Result<> Queue::map_backend_pages(DomId backend, std::span<GrantRef const> pages) {
    if (pages.size() != RxRing::slots)
        return Fail{Errno::inval};
    backend_pages_ = TRY(rt::GrantMapping::map(backend, pages, rt::Access::read_only));
    rx_.read_from(RxRing::BackendPages{backend_pages_.bytes()});
    return {};
}

void Queue::publish_rx() {
    if (rx_.repost())
        channel_.notify();
}

void Queue::publish_tx() {
    if (tx_.publish())
        channel_.notify();
}

}  // namespace net

// SPDX-License-Identifier: MIT
#include "dom0/net/netback/queue_pair.hpp"

#include "dom0/net/netback/grant_block.hpp"

namespace netback {

Result<std::unique_ptr<QueuePair>> QueuePair::create(DomId guest, QueueKeys const& keys,
                                                     TxQueue::Shared const& shared,
                                                     std::function<void()> wake) {
    auto tx_page = TRY(rt::GrantMapping::map(guest, keys.tx_ring, rt::Access::read_write));
    auto rx_page = TRY(rt::GrantMapping::map(guest, keys.rx_ring, rt::Access::read_write));
    auto tx_event = TRY(rt::EventChannel::bind_interdomain(guest, keys.tx_event));
    rt::EventChannel rx_event;
    if (keys.split())
        rx_event = TRY(rt::EventChannel::bind_interdomain(guest, keys.rx_event));
    return std::unique_ptr<QueuePair>{new QueuePair{std::move(tx_page), std::move(rx_page),
                                                    std::move(tx_event), std::move(rx_event),
                                                    Peer{guest, rt::grant_copy}, shared, std::move(wake)}};
}

QueuePair::QueuePair(rt::GrantMapping tx_page, rt::GrantMapping rx_page, rt::EventChannel tx_event,
                     rt::EventChannel rx_event, Peer peer, TxQueue::Shared const& shared,
                     std::function<void()> wake)
    : tx_page_{std::move(tx_page)},
      rx_page_{std::move(rx_page)},
      copies_{peer},
      declared_{peer.domain, map_granted},
      tx_{tx_page_.data(), copies_, shared},
      rx_{rx_page_.data(), copies_, shared.pool, shared.counters},
      tx_event_{std::move(tx_event)},
      rx_event_{std::move(rx_event)} {
    tx_event_.on_event([this, wake] {
        tx_armed_ = false;
        wake();
    });
    if (rx_event_)
        rx_event_.on_event(std::move(wake));
}

void QueuePair::set_mode(Mode mode) {
    Transfer& transfer = mode == Mode::mapped ? static_cast<Transfer&>(mapped_) : copies_;
    tx_.use(transfer);
    rx_.use(transfer);
}

Result<TxQueue::Polled> QueuePair::poll(std::span<nic::PacketRef> into, u64 most_bytes) {
    if (tx_armed_)
        return TxQueue::Polled{};
    auto const polled = TRY(tx_.poll(into, most_bytes));
    if (polled.notify)
        tx_event_.notify();
    return polled;
}

Result<> QueuePair::flush(Nanos now) {
    if (TRY(rx_.flush(now)))
        rx_event().notify();
    return {};
}

Result<bool> QueuePair::arm(bool tx) {
    bool to_send = false;
    if (tx && !tx_armed_) {
        to_send = TRY(tx_.arm());
        tx_armed_ = !to_send;
    }
    bool const room = TRY(rx_.arm());
    return to_send || room;
}

}  // namespace netback

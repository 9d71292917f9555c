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
      counters_{shared.counters},
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
    Transfer* const transfer = mode == Mode::copy ? static_cast<Transfer*>(&copies_) : &mapped_;
    tx_.use(*transfer);
    rx_.use(*transfer);
}

// A card without pages loses frames, so it gets a good many at first.
Result<bool> QueuePair::begin_card(nic::OwnQueue& queue) {
    constexpr u32 enough = CardRx::Ring::size / 4;
    bool const ready = !rx_.busy() && declared_.count() != 0 && TRY(rx_.ring().pending()) >= enough;
    if (!ready)
        return false;
    card_.emplace(rx_.ring(), declared_, queue, counters_);
    if (TRY(card_->flush()))
        rx_event().notify();
    return true;
}

void QueuePair::end_card(Result<u32> const& unfilled) {
    if (!card_)
        return;
    if (card_->finish(unfilled))
        rx_event().notify();
    card_.reset();
    leaving_ = false;
}

void QueuePair::enqueue(nic::PacketRef&& packet) {
    if (card_ && !leaving_)
        return counters_.drop(Drop::past_card);
    rx_.enqueue(std::move(packet));
}

Result<TxQueue::Polled> QueuePair::poll(std::span<nic::PacketRef> into, u64 most_bytes) {
    if (tx_armed_)
        return TxQueue::Polled{};
    auto const polled = TRY(tx_.poll(into, most_bytes));
    if (polled.notify)
        tx_event_.notify();
    return polled;
}

Result<bool> QueuePair::flush_rx(Nanos now) {
    if (!card_)
        return rx_.flush(now);
    return leaving_ ? card_->drain() : card_->flush();
}

Result<bool> QueuePair::arm_rx() {
    if (!card_)
        return rx_.arm();
    return leaving_ ? false : card_->arm();
}

Result<> QueuePair::flush(Nanos now) {
    if (TRY(flush_rx(now)))
        rx_event().notify();
    return {};
}

Result<bool> QueuePair::arm(bool tx) {
    bool to_send = false;
    if (tx && !tx_armed_) {
        to_send = TRY(tx_.arm());
        tx_armed_ = !to_send;
    }
    bool const room = TRY(arm_rx());
    return to_send || room;
}

}  // namespace netback

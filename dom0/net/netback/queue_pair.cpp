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
      device_maps_{peer.domain, {rt::map_for_devices, rt::unmap_for_devices}},
      tx_{tx_page_.data(), copies_, shared},
      rx_{rx_page_.data(), copies_, shared.pool, shared.counters},
      counters_{shared.counters},
      wake_{std::move(wake)},
      peer_{peer},
      tx_event_{std::move(tx_event)},
      rx_event_{std::move(rx_event)} {
    tx_event_.on_event([this] { look_again(); });
    if (rx_event_)
        rx_event_.on_event(wake_);
}

void QueuePair::look_again() {
    tx_armed_ = false;
    wake_();
}

void QueuePair::set_mode(Mode mode) {
    use({});
    if (mode == Mode::guest_copy && make_helped()) {
        tx_.use(helped_->tx);
        rx_.use(helped_->rx);
        return;
    }
    bool const copies = mode == Mode::copy || mode == Mode::guest_copy;
    Transfer* const transfer = copies ? static_cast<Transfer*>(&copies_) : &mapped_;
    tx_.use(*transfer);
    rx_.use(*transfer);
}

Result<> QueuePair::make_helped() {
    if (helped_)
        return {};
    auto tx_done = TRY(rt::EventChannel::bind_ipi());
    auto rx_done = TRY(rt::EventChannel::bind_ipi());
    tx_done.on_event([this] { look_again(); });
    rx_done.on_event(wake_);
    EvtchnPort const tx_port = tx_done.port(), rx_port = rx_done.port();
    helped_.reset(new Helped{std::move(tx_done), std::move(rx_done), {peer_, tx_port}, {peer_, rx_port}});
    return {};
}

void QueuePair::use(std::shared_ptr<helpers::Helper> const& helper) {
    if (!helped_)
        return;
    helped_->helper = helper;
    helped_->tx.use(helper);
    helped_->rx.use(helper);
}

// A card without pages loses frames, so it gets a good many at first.
Result<bool> QueuePair::begin_card(nic::OwnQueue& queue) {
    constexpr u32 enough = CardRx::Ring::size / 4;
    bool const ready = !rx_.busy() && TRY(rx_.ring().pending()) >= enough;
    if (!ready)
        return false;
    card_.emplace(rx_.ring(), card_pages_, queue, counters_);
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

Result<TxQueue::Polled> QueuePair::poll(std::span<nic::PacketRef> into, u64 most_bytes, Nanos now) {
    TxQueue::Polled polled;
    if (!tx_armed_)
        polled = TRY(tx_.poll(into, most_bytes));
    remind(now);
    return polled;
}

void QueuePair::remind(Nanos now) {
    auto const [asked, ready] = tx_.unseen();
    if (reminder_.look(asked, ready, now))
        tx_event_.notify();
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
    if (reminder_.waits())
        remind(now);
    return {};
}

Result<bool> QueuePair::arm(u32 slots) {
    bool to_send = false;
    if (slots != 0 && !tx_armed_) {
        to_send = TRY(tx_.arm(slots));
        tx_armed_ = !to_send && slots == 1;
    }
    bool const room = TRY(arm_rx());
    return to_send || room;
}

}  // namespace netback

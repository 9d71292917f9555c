// SPDX-License-Identifier: MIT
#include "dom0/net/netback/queue_pair.hpp"

#include "dom0/net/netback/grant_block.hpp"
#include "dom0/net/netback/takeover.hpp"
#include "dom0/net/trail/trail.hpp"

namespace netback {

namespace {

constexpr DeviceCalls device_calls{rt::map_for_devices, rt::unmap_for_devices};

}  // namespace

Result<std::unique_ptr<QueuePair>> QueuePair::create(Owner owner, QueueKeys const& keys,
                                                     TxQueue::Shared const& shared,
                                                     std::function<void()> wake) {
    DomId const guest = owner.guest;
    auto tx_page = TRY(rt::GrantMapping::map(guest, keys.tx_ring, rt::Access::read_write));
    auto rx_page = TRY(rt::GrantMapping::map(guest, keys.rx_ring, rt::Access::read_write));
    auto tx_event = TRY(rt::EventChannel::bind_interdomain(guest, keys.tx_event));
    rt::EventChannel rx_event;
    if (keys.split())
        rx_event = TRY(rt::EventChannel::bind_interdomain(guest, keys.rx_event));
    return std::unique_ptr<QueuePair>{new QueuePair{owner, std::move(tx_page), std::move(rx_page),
                                                    std::move(tx_event), std::move(rx_event),
                                                    Peer{guest, rt::grant_copy}, shared, std::move(wake)}};
}

QueuePair::QueuePair(Owner owner, rt::GrantMapping tx_page, rt::GrantMapping rx_page,
                     rt::EventChannel tx_event, rt::EventChannel rx_event, Peer peer,
                     TxQueue::Shared const& shared, std::function<void()> wake)
    : owner_{owner},
      tx_page_{std::move(tx_page)},
      rx_page_{std::move(rx_page)},
      copies_{peer},
      declared_{std::make_shared<StaticGrants>(peer.domain, map_granted)},
      device_maps_{peer.domain, device_calls},
      loans_{std::make_shared<Loans>(peer, declared_, device_calls, shared.pool, wake)},
      tx_{tx_page_.data(), copies_, shared, shared.in_order ? nullptr : loans_},
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

Result<> QueuePair::refuse_left() {
    counters_.drop(Drop::backend_ended, TRY(netback::refuse_left(tx_.ring())));
    TRY_VOID(netback::refuse_left(rx_.ring()));
    tx_event_.notify();
    if (rx_event_)
        rx_event_.notify();
    return {};
}

// A guest that copies what a card brings needs nobody to copy beside it.
void QueuePair::set_mode(Mode mode, bool by_card) {
    use({});
    bool const copies = mode == Mode::copy || (mode == Mode::guest_copy && !by_card);
    loans_->allow_mappings(!copies);
    if (copies && mode == Mode::guest_copy && make_helped()) {
        tx_.use(helped_->tx);
        rx_.use(helped_->rx);
        return;
    }
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
Result<bool> QueuePair::begin_card(nic::OwnQueue& queue, std::shared_ptr<BackendPages> ours) {
    constexpr u32 enough = CardRx::Ring::size / 4;
    bool const ready = !rx_.busy() && TRY(rx_.ring().pending()) >= enough;
    if (!ready)
        return false;
    card_pages_.use(std::move(ours));
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

// What the guest sends may be answered by many, at once: before it goes, the card
// gets the pages that there are for answers.
Result<TxQueue::Polled> QueuePair::poll(std::span<nic::PacketRef> into, u64 most_bytes, Nanos now) {
    TxQueue::Polled polled;
    if (tx_armed_)
        tx_.settle();
    else
        polled = TRY(tx_.poll(into, most_bytes));
    if (polled.packets != 0 && card_ && !leaving_)
        TRY_VOID(card_->post());
    bool const told = remind(now);
    if (net::trail::on) [[unlikely]]
        tell_taken(polled.slots, told);
    return polled;
}

bool QueuePair::remind(Nanos now) {
    auto const [asked, ready] = tx_.unseen();
    bool const tell = reminder_.look(asked, ready, now);
    if (tell)
        tx_event_.notify();
    return tell;
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
    if (TRY(net::trail::on ? flush_followed(now) : flush_rx(now)))
        rx_event().notify();
    if (reminder_.waits())
        remind(now);
    return {};
}

// A ring that makes no sense has nothing on it.
Levels QueuePair::levels() const {
    constexpr u32 ring_pages = 2;
    return {.tx_requests = tx_.requests().value_or(0),
            .tx_responses = tx_.unseen().ready,
            .rx_requests = rx_.ring().pending().value_or(0),
            .rx_waiting = rx_.waiting(),
            .with_card = card_ ? card_->with_card() : 0,
            .mapped = ring_pages + declared_->count()};
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

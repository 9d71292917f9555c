// SPDX-License-Identifier: MIT
// Mapping a frontend's rings and serving them.
#include "dom0/net/netback/vif_port.hpp"

namespace netback {

static_assert(TxQueue::batch == net::poll_budget);

Result<std::unique_ptr<VifPort>> VifPort::create(DomId guest, Request const& request, nic::PacketPool& pool,
                                                 Counters& counters, Hooks hooks) {
    QueueKeys const& keys = request.queue;
    auto tx_page = TRY(rt::GrantMapping::map(guest, keys.tx_ring, rt::Access::read_write));
    auto rx_page = TRY(rt::GrantMapping::map(guest, keys.rx_ring, rt::Access::read_write));
    auto tx_event = TRY(rt::EventChannel::bind_interdomain(guest, keys.tx_event));
    rt::EventChannel rx_event;
    if (keys.split())
        rx_event = TRY(rt::EventChannel::bind_interdomain(guest, keys.rx_event));
    return std::unique_ptr<VifPort>{
        new VifPort{keys, std::move(tx_page), std::move(rx_page), std::move(tx_event), std::move(rx_event),
                    request, Peer{guest, rt::grant_copy}, pool, counters, std::move(hooks)}};
}

VifPort::VifPort(QueueKeys keys, rt::GrantMapping tx_page, rt::GrantMapping rx_page,
                 rt::EventChannel tx_event, rt::EventChannel rx_event, Request const& request, Peer peer,
                 nic::PacketPool& pool, Counters& counters, Hooks hooks)
    : hooks_{std::move(hooks)},
      keys_{keys},
      tx_page_{std::move(tx_page)},
      rx_page_{std::move(rx_page)},
      tx_{tx_page_.data(), peer, pool, counters},
      rx_{rx_page_.data(), peer, request.takes_blank_checksum, counters},
      tx_event_{std::move(tx_event)},
      rx_event_{std::move(rx_event)} {
    tx_event_.on_event(hooks_.wake);
    if (rx_event_)
        rx_event_.on_event(hooks_.wake);
}

template <class T>
T VifPort::checked(Result<T> result, T otherwise) {
    if (result)
        return *result;
    broken_ = true;
    hooks_.broken();
    return otherwise;
}

net::Port::Polled VifPort::poll(std::span<nic::PacketRef, net::poll_budget> into) {
    if (broken_)
        return {};
    auto const polled = checked(tx_.poll(into), TxQueue::Polled{});
    if (polled.notify)
        tx_event_.notify();
    return {polled.packets, polled.slots != 0};
}

void VifPort::enqueue(nic::PacketRef packet) {
    if (!broken_)
        rx_.enqueue(std::move(packet));
}

bool VifPort::flush(Nanos now) {
    if (!broken_ && checked(rx_.flush(now), false))
        rx_event().notify();
    return false;
}

// Both are asked, so that either end of the interface is heard of.
bool VifPort::arm() {
    if (broken_)
        return false;
    bool const to_send = checked(tx_.arm(), false);
    bool const room = !broken_ && checked(rx_.arm(), false);
    return to_send || room;
}

}  // namespace netback

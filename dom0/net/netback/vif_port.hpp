// SPDX-License-Identifier: MIT
// A guest's interface as a port of the switch: one pair of rings, mapped, with
// the event channels to its frontend.
#pragma once

#include <functional>
#include <memory>

#include "dom0/net/netback/offer.hpp"
#include "dom0/net/netback/rx_queue.hpp"
#include "dom0/net/netback/tx_queue.hpp"
#include "dom0/net/switch/port.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/grant/map.hpp"

namespace netback {

class VifPort final : public net::Port {
  public:
    // `wake` runs when the frontend signals, `broken` once when it is cut off.
    struct Hooks {
        std::function<void()> wake;
        std::function<void()> broken;
    };
    static Result<std::unique_ptr<VifPort>> create(DomId guest, Request const& request, nic::PacketPool& pool,
                                                   Counters& counters, Hooks hooks);

    Polled poll(std::span<nic::PacketRef, net::poll_budget> into) override;
    void enqueue(nic::PacketRef packet) override;
    bool flush(Nanos now) override;
    bool arm() override;
    void tick(Nanos) override {}

    // A frontend whose ring made no sense is not served any more; its device
    // can still be closed, opened again, and looked at.
    [[nodiscard]] bool is_broken() const { return broken_; }
    [[nodiscard]] QueueKeys const& keys() const { return keys_; }

  private:
    VifPort(QueueKeys keys, rt::GrantMapping tx_page, rt::GrantMapping rx_page, rt::EventChannel tx_event,
            rt::EventChannel rx_event, Request const& request, Peer peer, nic::PacketPool& pool,
            Counters& counters, Hooks hooks);

    template <class T>
    T checked(Result<T> result, T otherwise);
    [[nodiscard]] rt::EventChannel const& rx_event() const { return rx_event_ ? rx_event_ : tx_event_; }

    // Queues go before the pages they are in, and those after their events.
    Hooks hooks_;
    QueueKeys keys_;
    rt::GrantMapping tx_page_;
    rt::GrantMapping rx_page_;
    TxQueue tx_;
    RxQueue rx_;
    rt::EventChannel tx_event_;
    rt::EventChannel rx_event_;  // none when both share one
    bool broken_ = false;
};

}  // namespace netback

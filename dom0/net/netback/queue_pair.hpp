// SPDX-License-Identifier: MIT
// One pair of a guest's rings, mapped, with the event channels to its frontend.
#pragma once

#include <functional>
#include <memory>

#include "dom0/net/netback/card_rx.hpp"
#include "dom0/net/netback/helped_copies.hpp"
#include "dom0/net/netback/levels.hpp"
#include "dom0/net/netback/mapped_transfer.hpp"
#include "dom0/net/netback/mode.hpp"
#include "dom0/net/netback/offer.hpp"
#include "dom0/net/netback/reminder.hpp"
#include "dom0/net/netback/rx_queue.hpp"
#include "dom0/net/netback/tx_queue.hpp"
#include "guest-pv/rt/event.hpp"
#include "guest-pv/rt/grant/map.hpp"

namespace netback {

class QueuePair {
  public:
    // Whose pair it is, and which of his.
    struct Owner {
        DomId guest;
        u8 queue;
    };
    // `wake` runs when the frontend signals.
    static Result<std::unique_ptr<QueuePair>> create(Owner owner, QueueKeys const& keys,
                                                     TxQueue::Shared const& shared,
                                                     std::function<void()> wake);

    QueuePair(QueuePair const&) = delete;
    QueuePair& operator=(QueuePair const&) = delete;

    // Before anything else, where another backend has ended.
    Result<> refuse_left();

    // The functions of the queues, and the events that belong to them.
    // Errno::range: a ring made no sense.
    Result<TxQueue::Polled> poll(std::span<nic::PacketRef> into, u64 most_bytes, Nanos now);
    void enqueue(nic::PacketRef&& packet);
    Result<> flush(Nanos now);
    // After it, also when it failed.
    void bring_waiting() { rx_.bring_waiting(); }
    // Of so many slots that the guest sends; zero: of none. True when there is something.
    Result<bool> arm(u32 slots);
    // When to poll again although nothing happens; zero: not at all.
    [[nodiscard]] Nanos due() const { return reminder_.due(); }

    // `by_card`: frames for the guest shall come by one.
    void set_mode(Mode mode, bool by_card);
    // In mode `guest_copy`, who makes the copies from now on; none: we do.
    void use(std::shared_ptr<helpers::Helper> const& helper);
    [[nodiscard]] bool is_helped() const { return helped_ && helped_->helper != nullptr; }

    // Hands the guest's pages to a card, of which the queue is, or `ours` in their
    // place. False: not yet, as frames wait or there are no pages.
    Result<bool> begin_card(nic::OwnQueue& queue, std::shared_ptr<BackendPages> ours);
    // Before OwnQueue::retire(): frames wait from now on.
    void leave_card() { leaving_ = true; }
    // After it.
    void end_card(Result<u32> const& unfilled);

    [[nodiscard]] StaticGrants& declared() { return *declared_; }
    [[nodiscard]] Levels levels() const;

  private:
    QueuePair(Owner owner, rt::GrantMapping tx_page, rt::GrantMapping rx_page, rt::EventChannel tx_event,
              rt::EventChannel rx_event, Peer peer, TxQueue::Shared const& shared,
              std::function<void()> wake);

    // A batch for each direction, as both may be under way.
    struct Helped {
        rt::EventChannel tx_done, rx_done;
        HelpedCopies tx, rx;
        std::shared_ptr<helpers::Helper> helper{};
    };
    Result<> make_helped();
    void look_again();
    // True: the guest has been told.
    bool remind(Nanos now);
    Result<bool> flush_rx(Nanos now);
    // As that, for who follows frames.
    Result<bool> flush_followed(Nanos now);
    struct Pushed {
        u32 first;  // response
        u64 bytes;
    };
    void tell_pushed(Pushed pushed, bool notify, std::optional<u32> followed) const;
    void tell_taken(u32 slots, bool told) const;
    void tell_looked_at() const;
    Result<bool> arm_rx();
    [[nodiscard]] rt::EventChannel const& rx_event() const { return rx_event_ ? rx_event_ : tx_event_; }

    Owner owner_;
    // Queues go before the pages they are in, and those after their events.
    rt::GrantMapping tx_page_;
    rt::GrantMapping rx_page_;
    // Queues are asked one after the other, so they share the batch.
    GrantCopies copies_;
    std::shared_ptr<StaticGrants> declared_;
    MappedTransfer mapped_{*declared_, copies_};
    DeviceMaps device_maps_;
    CardPages card_pages_{*declared_, device_maps_};
    std::shared_ptr<Loans> loans_;
    TxQueue tx_;
    RxQueue rx_;
    std::optional<CardRx> card_;  // delivers in place of rx_
    bool leaving_ = false;
    Counters& counters_;
    std::function<void()> wake_;
    Peer peer_;
    rt::EventChannel tx_event_;
    rt::EventChannel rx_event_;  // none when both share one
    bool tx_armed_ = false;      // somebody will tell of one, so there is no need to look
    Reminder reminder_;          // of what has been sent
    // From its first use on. Goes first: it waits for who has packets and pages of ours.
    std::unique_ptr<Helped> helped_;
};

}  // namespace netback

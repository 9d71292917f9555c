// SPDX-License-Identifier: MIT
// To the guest without the driver domain touching a byte: the pages it posts, or
// pages of ours in their place, go to a queue of a card that is its own, and what
// the card has filled is answered. The guest knows a page by its place in the ring,
// so while a page is with the card every frame comes through it.
#pragma once

#include <array>

#include "dom0/net/netback/abi.hpp"
#include "dom0/net/netback/back_ring.hpp"
#include "dom0/net/netback/card_pages.hpp"
#include "dom0/net/netback/counters.hpp"
#include "drivers/net/own_queue.hpp"

namespace netback {

class CardRx {
  public:
    using Ring = BackRing<netif_rx_request_t, netif_rx_response_t>;

    // All outlive it. Ended by finish().
    CardRx(Ring& ring, CardPages& pages, nic::OwnQueue& queue, Counters& counters)
        : ring_{ring}, pages_{pages}, queue_{queue}, counters_{counters} {}

    // Answers what is filled and posts what is new. True: the guest is to be
    // notified. Errno::range: the ring makes no sense.
    Result<bool> flush();

    // Posts what is new, and leaves answers to the next flush().
    Result<> post();

    // Answers only: the card is about to stop.
    [[nodiscard]] bool drain();

    // Asks to hear of filled pages, and of new ones when the card has few left;
    // true when there are some already.
    Result<bool> arm();

    [[nodiscard]] u32 with_card() const { return with_card_; }

    // After OwnQueue::retire() and its answer: what the card has not filled is
    // as if it had never been taken off the ring. True: notify.
    [[nodiscard]] bool finish(Result<u32> const& unfilled);

  private:
    // The guest tells of new pages only below this.
    static constexpr u32 few = Ring::size / 2;
    // Pages asked about at a time; the longest frame fits.
    static constexpr u32 batch = 64;
    static_assert(batch >= nic::most_buffers);

    struct Slot {
        u16 id = 0;
        std::optional<CardPages::Lent> page;  // none: refused, and answered when its turn comes
    };

    void post_batch(u32 count);
    void answer();
    u32 take_completed();
    void answer_frame(std::span<nic::Filled const> pages);
    void answer_slot(nic::Filled const& filled, u16 flags);
    void answer_refused();
    [[nodiscard]] Slot& oldest() { return slots_[first_ % Ring::size]; }
    Slot take_oldest();
    void lose_all();
    bool publish();

    Ring& ring_;
    CardPages& pages_;
    nic::OwnQueue& queue_;
    Counters& counters_;
    // Consumed and not answered, in the order of the ring.
    std::array<Slot, Ring::size> slots_{};
    u32 first_ = 0;
    u32 count_ = 0;
    u32 with_card_ = 0;
    std::array<nic::Filled, batch> filled_{};  // as long as it is being answered
    // As long as they are being posted.
    std::array<std::optional<CardPages::Lent>, CardPages::batch> lent_;
    std::array<GrantRef, CardPages::batch> refs_{};
    std::array<Maddr, CardPages::batch> at_{};
};

}  // namespace netback

// SPDX-License-Identifier: MIT
// To the guest: frames waiting for it, brought into the pages it has posted a
// batch at a time, straight from the buffers a card received into. A frame
// takes as many pages as it fills, and a large one a slot more that says how to
// cut it.
#pragma once

#include <array>
#include <optional>

#include "dom0/net/netback/abi.hpp"
#include "dom0/net/netback/back_ring.hpp"
#include "dom0/net/netback/backlog.hpp"
#include "dom0/net/netback/counters.hpp"
#include "dom0/net/netback/transfer.hpp"
#include "drivers/net/pool.hpp"

namespace netback {

class RxQueue {
  public:
    // Waiting frames are bounded by the buffers they are in. The bound shrinks
    // with what the pool has left, so that slow guests, however many, leave
    // some to all others.
    static constexpr u32 backlog_size = Backlog::size;
    static constexpr Nanos stall_limit = 500'000'000;
    static_assert(backlog_size <= Transfer::most_items);

    RxQueue(std::byte* ring_page, Transfer& transfer, nic::PacketPool const& pool, Counters& counters)
        : ring_{ring_page}, transfer_{&transfer}, pool_{pool}, counters_{counters} {}

    // For who delivers in its place while nothing waits.
    using Ring = BackRing<netif_rx_request_t, netif_rx_response_t>;
    [[nodiscard]] Ring& ring() { return ring_; }
    [[nodiscard]] Ring const& ring() const { return ring_; }

    // The number of the first response that a frame here will get; the buffer is one of its.
    [[nodiscard]] std::optional<u32> response_of(nic::Packet const& buffer) const;

    // From the next batch on. Who has carried one before outlives the queue.
    void use(Transfer& transfer) { transfer_ = &transfer; }

    // Puts a frame that the guest can take behind those waiting; some are
    // dropped when there are too many. A guest that has stopped posting pages
    // holds one frame.
    void enqueue(nic::PacketRef&& packet);

    // Answers for what has got there, and hands over what fits next. True: the
    // guest is to be notified. Errno::range: the ring makes no sense and the
    // guest is to be cut off.
    Result<bool> flush(Nanos now);

    // What waits any longer is not to keep its sender waiting as well: parts of
    // it that are in his pages are brought here.
    void bring_waiting();

    // With frames on their way, asks to hear when they are there; with frames
    // waiting, when there are pages for the next one. True when it is so already.
    Result<bool> arm();

    // Not to be had by anybody else: frames that wait, or are on their way.
    [[nodiscard]] bool busy() const { return waiting() != 0 || running_ != nullptr; }
    [[nodiscard]] u32 waiting() const { return backlog_.waiting(); }
    [[nodiscard]] bool stalled() const { return stalled_; }

  private:
    u32 plan(u32 available);
    void plan_frame(nic::Packet const& packet, u32 frame);
    [[nodiscard]] GrantRef next_page();
    void launch(u32 frames);
    bool land();
    void answer_frame(nic::Packet const& packet, u32 slot);
    void refuse_frame(nic::Packet const& packet, u32 slot);
    void respond(netif_extra_info_t const& extra);
    void check_stall(u32 handed_over, Nanos now);
    [[nodiscard]] u32 most_buffers() const;
    void drop();

    Ring ring_;
    Transfer* transfer_;
    nic::PacketPool const& pool_;
    Counters& counters_;
    Backlog backlog_;
    Transfer* running_ = nullptr;  // that brings those on their way; none: there are none
    bool lent_ = false;            // to be brought here, of what waits
    bool stalled_ = false;
    Nanos waiting_since_ = 0;  // for pages; zero: not waiting
    std::array<netif_rx_request_t, Ring::size> posted_{};
    u32 slot_count_ = 0;
};

}  // namespace netback

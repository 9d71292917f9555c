// SPDX-License-Identifier: MIT
// To the guest: frames waiting for it, copied into the pages it has posted
// with one hypercall a batch, straight from the buffer a card received into.
#pragma once

#include <array>

#include "dom0/net/netback/back_ring.hpp"
#include "dom0/net/netback/copier.hpp"
#include "dom0/net/netback/counters.hpp"
#include "drivers/net/packet.hpp"

namespace netback {

class RxQueue {
  public:
    // One frame fits one posted page, so a waiting frame needs one slot and
    // waiting frames are bounded by buffers: their bytes are, too.
    static constexpr u32 backlog_size = 64;
    static constexpr Nanos stall_limit = 500'000'000;
    static_assert(nic::buffer_bytes <= page_size);

    RxQueue(std::byte* ring_page, Peer peer, bool takes_blank_checksum, Counters& counters)
        : ring_{ring_page}, peer_{peer}, takes_blank_{takes_blank_checksum}, counters_{counters} {}

    // Puts a frame behind those waiting; the oldest is dropped when there are
    // too many. A guest that has stopped posting pages holds no buffers.
    void enqueue(nic::PacketRef packet);

    // Hands over what fits. True: the guest is to be notified. Errno::range:
    // the ring makes no sense and the guest is to be cut off.
    Result<bool> flush(Nanos now);

    // With frames waiting, asks to hear of the next posted page; true when
    // there is one already.
    Result<bool> arm();

    [[nodiscard]] u32 waiting() const { return waiting_; }
    [[nodiscard]] bool stalled() const { return stalled_; }

  private:
    using Ring = BackRing<netif_rx_request_t, netif_rx_response_t>;

    void give(u32 count);
    void answer(u32 count);
    void check_stall(u32 handed_over, Nanos now);
    [[nodiscard]] nic::PacketRef& waiting_at(u32 index) { return backlog_[(oldest_ + index) % backlog_size]; }
    nic::PacketRef take_oldest();

    Ring ring_;
    Peer peer_;
    bool takes_blank_;
    Counters& counters_;
    std::array<nic::PacketRef, backlog_size> backlog_{};
    u32 oldest_ = 0;
    u32 waiting_ = 0;
    bool stalled_ = false;
    Nanos waiting_since_ = 0;  // for a page; zero: not waiting
    std::array<netif_rx_request_t, backlog_size> posted_{};
    std::array<gnttab_copy_t, backlog_size> copies_{};
};

}  // namespace netback

// SPDX-License-Identifier: MIT
// From the guest: takes chains of slots off its transmit ring, copies the
// frames into packets of ours with one hypercall a batch, and answers.
#pragma once

#include <array>

#include "dom0/net/netback/back_ring.hpp"
#include "dom0/net/netback/copier.hpp"
#include "dom0/net/netback/tx_chain.hpp"
#include "drivers/net/pool.hpp"

namespace netback {

class TxQueue {
  public:
    static constexpr u32 batch = 64;  // packets, and first slots, a poll

    TxQueue(std::byte* ring_page, Peer peer, nic::PacketPool& pool, Counters& counters)
        : ring_{ring_page}, peer_{peer}, pool_{pool}, counters_{counters} {}

    struct Polled {
        u32 packets = 0;      // at the front of what was passed in
        u32 slots = 0;        // consumed; zero: the ring is empty
        bool notify = false;  // the guest waits for a response
    };

    // Errno::range: the ring makes no sense and the guest is to be cut off.
    Result<Polled> poll(std::span<nic::PacketRef, batch> into);

    // Asks to hear of the next slot; true when there is one already.
    Result<bool> arm() { return ring_.expect(1); }

  private:
    using Ring = BackRing<netif_tx_request_t, netif_tx_response_t>;
    static constexpr u32 window = batch + max_chain;
    static constexpr u32 max_copies = batch * 2 + max_parts;

    // A packet planned but not copied yet, and where its slots are.
    struct Planned {
        nic::PacketRef packet;
        u32 first_slot = 0;
        u32 slots = 0;
        u32 extras = 0;
        u32 first_copy = 0;
        u32 copies = 0;
        s16 status = NETIF_RSP_OKAY;
    };

    [[nodiscard]] bool plan(TxChain const& chain, u32 first_slot);
    [[nodiscard]] s16 prepare(TxChain const& chain, Planned& planned);
    void copy_all();
    void finish(Planned& planned);
    void respond(Planned const& planned);

    Ring ring_;
    Peer peer_;
    nic::PacketPool& pool_;
    Counters& counters_;
    TxChain chain_;
    std::array<netif_tx_request_t, window> slots_{};
    std::array<Planned, batch> planned_{};
    u32 planned_count_ = 0;
    std::array<gnttab_copy_t, max_copies> copies_{};
    u32 copy_count_ = 0;
};

}  // namespace netback

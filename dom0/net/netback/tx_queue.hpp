// SPDX-License-Identifier: MIT
// From the guest: takes chains of slots off its transmit ring, brings the
// frames into packets of ours a batch at a time, and answers.
#pragma once

#include <array>
#include <optional>

#include "dom0/net/netback/abi.hpp"
#include "dom0/net/netback/back_ring.hpp"
#include "dom0/net/netback/loans.hpp"
#include "dom0/net/netback/multicast.hpp"
#include "dom0/net/netback/transfer.hpp"
#include "dom0/net/netback/tx_chain.hpp"
#include "dom0/net/policy/policy.hpp"
#include "drivers/net/pool.hpp"

namespace netback {

class TxQueue {
  public:
    static constexpr u32 batch = 64;  // packets, and first slots, a poll

    // What belongs to the interface rather than to one of its queues.
    struct Shared {
        u32 max_frame;  // what a wire may see of the guest
        nic::PacketPool& pool;
        MulticastFilter& groups;
        policy::Policy const& policy;
        Counters& counters;
        bool in_order = false;  // of answers: no frame stays with its sender
    };

    // Without `loans`, every frame is brought whole.
    TxQueue(std::byte* ring_page, Transfer& transfer, Shared shared, std::shared_ptr<Loans> loans = nullptr)
        : ring_{ring_page}, transfer_{&transfer}, shared_{shared}, loans_{std::move(loans)} {}
    ~TxQueue();
    TxQueue(TxQueue const&) = delete;
    TxQueue& operator=(TxQueue const&) = delete;

    // From the next batch on. Who has carried one before outlives the queue.
    void use(Transfer& transfer) { transfer_ = &transfer; }

    struct Polled {
        u32 packets = 0;  // at the front of what was passed in
        u32 slots = 0;    // answered; zero: nothing to do until arm() says so
        u32 bytes = 0;    // of the packets
    };

    // What has got here, and begins with what comes next. Ends with the packet
    // that uses up `most_bytes`. Errno::range: the ring makes no sense and the
    // guest is to be cut off.
    Result<Polled> poll(std::span<nic::PacketRef> into, u64 most_bytes);

    // Answers for frames that were lent and have come back.
    void settle();

    using Ring = BackRing<netif_tx_request_t, netif_tx_response_t>;
    // Requests that wait on the ring; Errno::range as poll().
    [[nodiscard]] Result<u32> requests() const { return ring_.pending(); }
    [[nodiscard]] Ring const& ring() const { return ring_; }
    // For who begins where another backend has ended.
    [[nodiscard]] Ring& ring() { return ring_; }
    // Responses that are on the ring.
    [[nodiscard]] Ring::Unseen unseen() const { return ring_.unseen(); }

    // Asks to hear when the batch has got here, or of so many slots; true when
    // it is so already.
    Result<bool> arm(u32 slots) { return running_ != nullptr ? running_->arm() : ring_.expect(slots); }

  private:
    static constexpr u32 window = batch + max_chain;
    static_assert(batch <= Transfer::most_items);

    // A packet planned but not copied yet, and where its slots are.
    struct Planned {
        nic::PacketRef packet;
        u32 first_slot = 0;
        u32 slots = 0;
        u32 extras = 0;
        nic::Network network{};  // that a large frame claims
        s16 status = NETIF_RSP_OKAY;
        bool lent = false;  // so it is answered when it has come back
    };

    // Of what stays with the guest this much is brought: all headers that are
    // looked into, and changed.
    static constexpr u16 head_bytes = 256;

    Result<> launch(u32 most_packets, u64 most_bytes);
    void land(std::span<nic::PacketRef> into, Polled& polled);
    Result<u32> plan_batch(u32 available, u32 most_packets, u64 most_bytes);
    [[nodiscard]] bool plan(TxChain const& chain, u32 first_slot);
    [[nodiscard]] s16 prepare(TxChain const& chain, u32 item);
    [[nodiscard]] s16 change_groups(TxChain const& chain);
    [[nodiscard]] bool may_lend(TxChain const& chain) const;
    void gather(TxChain const& chain, Planned& planned, u32 item);
    void lend(TxPart const& part, Planned& planned);
    void begin_loan(Planned& planned);
    void bring(TxPart const& part, nic::Packet& packet, u32 item);
    [[nodiscard]] s16 refused(Drop reason, s16 status);
    [[nodiscard]] std::optional<Drop> judge(u32 item);
    [[nodiscard]] std::optional<Drop> see_all_headers(nic::PacketRef& packet);
    void finish(u32 item);
    void respond(Planned const& planned);

    Ring ring_;
    Transfer* transfer_;
    Shared shared_;
    std::shared_ptr<Loans> loans_;
    TxChain chain_;
    std::array<netif_tx_request_t, window> slots_{};
    std::array<Planned, batch> planned_{};
    u32 planned_count_ = 0;
    u32 landed_ = 0;               // of those planned
    Transfer* running_ = nullptr;  // that brings the others; none: there are none
};

}  // namespace netback

// SPDX-License-Identifier: MIT
// What a guest sends and is worth leaving where it is. Of such a frame the head
// is brought, as for any other; parts behind it stay in the guest's pages
// until it is known who takes them:
//
//     a guest   copied from page to page, once
//     a card    reads them there: by the guest's declaration, or mapped for it alone
//     others    brought after all, a hypercall for the frame
//
// The guest hears that the frame was sent when nobody uses its pages any more.
// Until then they cost one of a bounded number of loans; without one a frame is
// brought whole.
#pragma once

#include <functional>
#include <memory>

#include "dom0/net/netback/copier.hpp"
#include "dom0/net/netback/device_maps.hpp"
#include "dom0/net/netback/static_grants.hpp"
#include "dom0/net/netback/tx_chain.hpp"
#include "drivers/net/lender.hpp"
#include "drivers/net/pool.hpp"

namespace netback {

// The responses to a chain.
struct Answer {
    FixedVector<u16, max_chain> kept;  // of the requests, by slot
    u32 extras = 0;                    // they follow the first
    s16 status = NETIF_RSP_OKAY;
};

class Loans final : public nic::Lender, public std::enable_shared_from_this<Loans> {
  public:
    static constexpr u32 most = 128;
    // Half a ring: what waits at a card leaves the guest the other half.
    static constexpr u32 most_slots = 128;
    // Less is copied for what a loan takes, or a part of one. Measured: see the
    // README of dom0/net.
    static constexpr u32 least_frame = 2 * page_size;
    static constexpr u16 least_part = page_size / 2;

    // `wake` is called when a frame has come back: settle() has something to do.
    Loans(Peer peer, std::shared_ptr<StaticGrants> declared, DeviceCalls calls, nic::PacketPool& pool,
          std::function<void()> wake);

    // Whether processor and cards may use mappings; else all is copied once.
    void allow_mappings(bool allowed) { mappings_ = allowed; }

    // Whether one more frame may stay.
    [[nodiscard]] bool offer(u32 slots);
    // The frame, to which parts are lent, will be answered by settle().
    void begin(nic::Packet& frame, Answer const& answer);
    // The frame's last buffer, empty so far, becomes that part.
    void lend(nic::Packet& buffer, TxPart const& part);
    // The frame was not accepted.
    void refuse(nic::Packet const& frame) { loans_[frame.loan].answer.status = NETIF_RSP_ERROR; }

    // Calls `respond` with the answer of each frame that nobody holds any more.
    template <class Respond>
    u32 settle(Respond respond) {
        u32 const count = std::exchange(returned_count_, 0);
        if (count == 0)
            return 0;
        maps_.flush();
        for (u8 const index : std::span{returned_}.first(count)) {
            respond(loans_[index].answer);
            release(index);
        }
        end_if_idle();
        return count;
    }

    // The ring is gone, and with it who asks to settle.
    void detach();

    [[nodiscard]] u32 out() const { return most - free_count_; }

    bool open_to_devices(nic::Packet& frame) override;
    bool bring(nic::Packet& frame) override;
    void returned(nic::Packet& frame) override;

  private:
    struct Loan {
        Answer answer;
        bool open = false;  // to devices
        // Of parts that are mapped for devices, in the order of the frame.
        std::array<grant_handle_t, nic::most_buffers> handles{};
    };

    [[nodiscard]] bool map_parts(nic::Packet& frame, Loan& loan);
    void close(nic::Packet& frame);
    void finish(u16 index);
    void release(u16 index);
    void end_if_idle();

    Peer peer_;
    std::shared_ptr<StaticGrants> declared_;
    DeviceMaps maps_;
    nic::PacketPool& pool_;
    std::function<void()> wake_;  // none: detached
    bool mappings_ = false;
    u32 brought_for_card_ = 0;  // frames still to be brought at once, as a card wanted one brought
    std::array<Loan, most> loans_;
    std::array<u8, most> free_;  // a stack
    u32 free_count_ = most;
    u32 slots_ = 0;  // of all that are out
    std::array<u8, most> returned_{};
    u32 returned_count_ = 0;
    std::shared_ptr<Loans> self_;  // while some are out, whatever becomes of the guest
};

}  // namespace netback

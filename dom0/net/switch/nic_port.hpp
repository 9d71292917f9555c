// SPDX-License-Identifier: MIT
// A network card as a port of the switch. Its common queues take turns in being
// polled first, so that none waits for another; a connection leaves by one of
// them, by which a card that spreads what comes may go.
#pragma once

#include <memory>

#include "dom0/net/switch/port.hpp"
#include "dom0/net/switch/residence.hpp"
#include "drivers/net/nic.hpp"
#include "guest-pv/rt/time.hpp"

namespace net {

class NicPort final : public Port {
  public:
    NicPort(std::unique_ptr<nic::Nic> nic, nic::PacketPool& pool);

    Polled poll(std::span<nic::PacketRef> into, u64 most_bytes, Nanos now) override;
    u32 enqueue(std::span<nic::PacketRef> frames) override;
    void count_lost() override { outgoing_.front().count_lost(); }
    bool flush(Nanos now) override;
    bool arm() override;
    void hear(nic::Vlans const& networks) override { nic_->hear(networks); }
    Nanos tick(Nanos now) override;

    // The card has interrupted for one of its common queues, or for its link.
    void told() {
        told_ = true;
        ++interrupts_;
    }

    // Queues of the card for a guest's interface, as Nic::own_queue. It ends
    // before this port does.
    Result<std::unique_ptr<Residence>> house(nic::Station const& station, nic::OwnWake wake);

    [[nodiscard]] nic::Nic const& nic() const { return *nic_; }
    void ask_reset() { nic_->ask_reset(); }
    // What waits for its common queues.
    [[nodiscard]] std::vector<Outgoing> const& outgoing() const { return outgoing_; }
    [[nodiscard]] Neighbours const& neighbours() const { return neighbours_; }
    // Guests that live behind it.
    [[nodiscard]] u32 residents() const { return static_cast<u32>(neighbours_.present.size()); }
    // Of all its queues, also of those given back.
    [[nodiscard]] nic::Counters counters() const;
    [[nodiscard]] u64 overruns() const;
    // Frames that came unfinished in a way that nobody can finish.
    [[nodiscard]] u64 flawed() const { return flawed_; }
    [[nodiscard]] u64 interrupts() const { return interrupts_; }
    // Frames came, or were sent, and the interrupt that was asked for did not.
    [[nodiscard]] u64 missed_interrupts() const { return missed_interrupts_; }

  private:
    // One that is on its way takes 50 us at most, as cards put them off (intel/moderation.hpp).
    static constexpr Nanos patience = rt::millisecond;

    [[nodiscard]] bool something_waits() const;
    u32 receive(u16 queue, std::span<nic::PacketRef> into);
    u32 transmit(u16 queue, std::span<nic::PacketRef> frames);
    [[nodiscard]] u16 queues() const { return static_cast<u16>(outgoing_.size()); }

    std::unique_ptr<nic::Nic> nic_;
    nic::PacketPool& pool_;
    std::vector<Outgoing> outgoing_;  // by queue
    Neighbours neighbours_;
    u64 flawed_ = 0;
    u32 turn_ = 0;  // whose the first poll is
    bool armed_ = false;
    bool told_ = false;  // since the last poll
    Nanos due_ = 0;      // by when an interrupt has come that should have; zero: none should
    u64 interrupts_ = 0;
    u64 missed_interrupts_ = 0;
};

}  // namespace net

// SPDX-License-Identifier: MIT
// A network card as a port of the switch.
#pragma once

#include <memory>

#include "dom0/net/switch/port.hpp"
#include "dom0/net/switch/residence.hpp"
#include "drivers/net/nic.hpp"

namespace net {

class NicPort final : public Port {
  public:
    NicPort(std::unique_ptr<nic::Nic> nic, nic::PacketPool& pool)
        : nic_{std::move(nic)}, pool_{pool}, outgoing_{*nic_, pool} {}

    Polled poll(std::span<nic::PacketRef> into, u64 most_bytes, Nanos now) override;
    bool enqueue(nic::PacketRef&& packet) override { return outgoing_.enqueue(std::move(packet)); }
    void count_lost() override { outgoing_.count_lost(); }
    bool flush(Nanos now) override;
    bool arm() override;
    void tick(Nanos now) override { nic_->tick(now); }

    // Queues of the card for a guest's interface, as Nic::own_queue. It ends
    // before this port does.
    Result<std::unique_ptr<Residence>> house(nic::Station const& station, nic::OwnWake wake);

    [[nodiscard]] nic::Nic const& nic() const { return *nic_; }
    void ask_reset() { nic_->ask_reset(); }
    // Guests that live behind it.
    [[nodiscard]] u32 residents() const { return static_cast<u32>(neighbours_.present.size()); }
    // Of all its queues, also of those given back.
    [[nodiscard]] nic::Counters counters() const;
    [[nodiscard]] u64 overruns() const;
    // Frames that came unfinished in a way that nobody can finish.
    [[nodiscard]] u64 flawed() const { return flawed_; }

  private:
    static constexpr u16 queue = 0;

    std::unique_ptr<nic::Nic> nic_;
    nic::PacketPool& pool_;
    Outgoing outgoing_;
    Neighbours neighbours_;
    u64 flawed_ = 0;
    bool armed_ = false;
};

}  // namespace net

// SPDX-License-Identifier: MIT
// A network card as a port of the switch.
#pragma once

#include <memory>

#include "dom0/net/switch/port.hpp"
#include "drivers/net/nic.hpp"

namespace net {

class NicPort final : public Port {
  public:
    explicit NicPort(std::unique_ptr<nic::Nic> nic) : nic_{std::move(nic)} {}

    Polled poll(std::span<nic::PacketRef, poll_budget> into) override;
    void enqueue(nic::PacketRef packet) override;
    bool flush(Nanos now) override;
    bool arm() override;
    void tick(Nanos now) override { nic_->tick(now); }

    [[nodiscard]] nic::Nic const& nic() const { return *nic_; }
    // Frames that found the card's queue full.
    [[nodiscard]] u64 overruns() const { return overruns_; }

  private:
    static constexpr u16 queue = 0;
    static constexpr u32 outgoing_size = 256;

    std::unique_ptr<nic::Nic> nic_;
    std::array<nic::PacketRef, outgoing_size> outgoing_{};
    u32 outgoing_count_ = 0;
    u64 overruns_ = 0;
    bool armed_ = false;
};

}  // namespace net

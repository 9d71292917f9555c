// SPDX-License-Identifier: MIT
// A network card as a port of the switch.
#pragma once

#include <memory>

#include "dom0/net/frame/adapt.hpp"
#include "dom0/net/switch/port.hpp"
#include "drivers/net/nic.hpp"

namespace net {

class NicPort final : public Port {
  public:
    NicPort(std::unique_ptr<nic::Nic> nic, nic::PacketPool& pool);

    Polled poll(std::span<nic::PacketRef, poll_budget> into, Nanos now) override;
    void enqueue(nic::PacketRef&& packet) override;
    void count_lost() override { ++overruns_; }
    bool flush(Nanos now) override;
    bool arm() override;
    void tick(Nanos now) override { nic_->tick(now); }

    [[nodiscard]] nic::Nic const& nic() const { return *nic_; }
    // Frames that found the card's queue full, or that it cannot send.
    [[nodiscard]] u64 overruns() const { return overruns_; }

  private:
    static constexpr u16 queue = 0;
    static constexpr u32 outgoing_size = 256;
    static constexpr u32 outgoing_buffers = 512;

    void append(nic::PacketRef&& frame);

    std::unique_ptr<nic::Nic> nic_;
    nic::PacketPool& pool_;
    frame::Takes takes_;
    std::array<nic::PacketRef, outgoing_size> outgoing_{};
    u32 outgoing_count_ = 0;
    u32 outgoing_buffers_ = 0;
    u64 overruns_ = 0;
    bool armed_ = false;
};

}  // namespace net

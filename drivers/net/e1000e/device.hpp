// SPDX-License-Identifier: MIT
// The chip: one pair of queues, two vectors, its link.
#pragma once

#include "drivers/net/e1000e/descriptors.hpp"
#include "drivers/net/e1000e/regs.hpp"
#include "drivers/net/intel/controller.hpp"
#include "drivers/net/intel/moderation.hpp"
#include "drivers/net/intel/receive_ring.hpp"

namespace nic::e1000e {

class Device final : public intel::Controller {
  public:
    Device(pci::Function function, io::Mmio regs, intel::ReceiveRing rx, intel::TransmitRing tx)
        : Controller{function, std::move(regs)}, rx_{std::move(rx)}, tx_{std::move(tx)} {}
    ~Device() override { retire(); }
    Device(Device const&) = delete;
    Device& operator=(Device const&) = delete;

    Result<> bring_up(Wake const& wake);

    [[nodiscard]] std::string_view driver() const override { return "e1000e"; }
    [[nodiscard]] u16 queues() const override { return 1; }
    [[nodiscard]] u32 max_frame() const override { return longest_frame; }

    u32 receive(u16 queue, std::span<PacketRef> into) override;
    u32 transmit(u16 queue, std::span<PacketRef> packets) override;
    bool arm(u16 queue) override;
    [[nodiscard]] bool pending(u16 queue) const override;
    [[nodiscard]] Places places(u16) const override {
        return {0, rx_.next(), tx_.tail(), tx_.clean(), intel::ring_size};
    }
    [[nodiscard]] std::optional<u32> place_of(u16, Packet const& packet) const override {
        return tx_.place_of(packet);
    }

  private:
    Result<> connect_interrupts(Wake const& wake);
    Result<> start_chip() override;
    void mask_interrupts() override;
    void clear_link_cause() override;
    void arm_link() override;
    bool queue_stuck(Nanos now) override { return tx_.stuck(now, link_up()); }
    [[nodiscard]] bool receives_nonsense() const override { return rx_.nonsense(); }
    void empty_rings(bool stopped) override;
    Result<> start_receiving();
    void start_sending();
    void start_interrupts();
    void set_interval();

    intel::ReceiveRing rx_;
    intel::TransmitRing tx_;
    intel::Moderation moderation_;
};

}  // namespace nic::e1000e

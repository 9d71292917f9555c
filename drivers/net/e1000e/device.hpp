// SPDX-License-Identifier: MIT
// The chip: one pair of queues, two vectors, its link.
#pragma once

#include <optional>

#include "drivers/io/mmio.hpp"
#include "drivers/net/card.hpp"
#include "drivers/net/e1000e/descriptors.hpp"
#include "drivers/net/e1000e/regs.hpp"
#include "drivers/net/intel/receive_ring.hpp"
#include "drivers/pci/msix.hpp"

namespace nic::e1000e {

class Device final : public Card {
  public:
    Device(pci::Function function, io::Mmio regs, intel::ReceiveRing rx, intel::TransmitRing tx)
        : Card{function}, regs_{std::move(regs)}, rx_{std::move(rx)}, tx_{std::move(tx)} {}
    ~Device() override { retire(); }
    Device(Device const&) = delete;
    Device& operator=(Device const&) = delete;

    Result<> bring_up(Wake const& wake);

    [[nodiscard]] std::string_view driver() const override { return "e1000e"; }
    [[nodiscard]] Mac mac() const override { return mac_; }
    [[nodiscard]] u16 queues() const override { return 1; }
    [[nodiscard]] Offload offload() const override { return {.checksum = true, .segmentation = true}; }
    [[nodiscard]] u32 max_frame() const override { return longest_frame; }

    u32 receive(u16 queue, std::span<PacketRef> into) override;
    u32 transmit(u16 queue, std::span<PacketRef> packets) override;
    bool arm(u16 queue) override;

  private:
    Result<> connect_interrupts(Wake const& wake);
    Result<> start() override;
    Result<> reset_chip() override;
    std::string_view complaint(Nanos now) override;
    void empty_rings(bool stopped) override;
    Result<> start_receiving();
    void start_sending();
    void start_interrupts();
    void mask_interrupts();
    void follow_link();

    io::Mmio regs_;
    intel::ReceiveRing rx_;
    intel::TransmitRing tx_;
    std::optional<pci::Msix> msix_;
    Mac mac_;
    bool link_event_ = false;  // set by an interrupt
};

}  // namespace nic::e1000e

// SPDX-License-Identifier: MIT
// The chip as a whole: bring-up, interrupts, link.
#pragma once

#include <optional>
#include <vector>

#include "drivers/net/card.hpp"
#include "drivers/net/igb/regs.hpp"
#include "drivers/net/igb/rx_queue.hpp"
#include "drivers/net/igb/tx_queue.hpp"
#include "drivers/pci/msix.hpp"

namespace nic::igb {

class Device final : public Card {
  public:
    Device(pci::Function function, io::Mmio regs, PacketPool& pool, u16 queues);
    ~Device() override;
    Device(Device const&) = delete;
    Device& operator=(Device const&) = delete;

    Result<> bring_up(Wake const& wake);

    [[nodiscard]] std::string_view driver() const override { return "igb"; }
    [[nodiscard]] Mac mac() const override { return mac_; }
    [[nodiscard]] u16 queues() const override { return queue_count_; }
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
    void start_interrupts();
    void mask_interrupts();
    void follow_link();
    // Of everything that is not a queue's.
    [[nodiscard]] u16 link_vector() const { return queue_count_; }

    io::Mmio regs_;
    PacketPool& pool_;
    u16 queue_count_;
    std::vector<RxQueue> rx_;
    std::vector<TxQueue> tx_;
    std::optional<pci::Msix> msix_;
    Mac mac_;
    bool link_event_ = false;  // set by an interrupt
};

}  // namespace nic::igb

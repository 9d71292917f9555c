// SPDX-License-Identifier: MIT
// What is alike in a driver of any of Intel's gigabit chips but for the queues:
// who may touch it, the reset, the link, and what shows that it is well.
#pragma once

#include <optional>

#include "drivers/io/mmio.hpp"
#include "drivers/net/card.hpp"
#include "drivers/pci/msix.hpp"

namespace nic::intel {

class Controller : public Card {
  public:
    [[nodiscard]] Mac mac() const final { return mac_; }
    [[nodiscard]] Offload offload() const final { return {.checksum = true, .segmentation = true}; }

  protected:
    Controller(pci::Function function, io::Mmio regs) : Card{function}, regs_{std::move(regs)} {}

    [[nodiscard]] io::Mmio const& regs() const { return regs_; }
    // Before anything is connected.
    Result<> enable_messages();
    [[nodiscard]] pci::Msix& messages() { return *msix_; }
    // Registers are read by whoever polls; the handler only passes it on.
    Result<> connect_link(u16 vector, Wake const& wake);
    // For whoever polls.
    void heed_link() {
        if (link_event_) [[unlikely]]
            follow_link();
    }

  private:
    // The chip is as after a reset, may master the bus, and has its link or is about
    // to have one.
    virtual Result<> start_chip() = 0;
    // Ends whatever the chip was to do for a driver that has ended, but keeps its
    // link. An error: who knows what it would still do.
    virtual Result<> quiesce() { return reset_chip(); }
    // Also what came before it.
    virtual void mask_interrupts() = 0;
    virtual void clear_link_cause() = 0;
    virtual void arm_link() = 0;
    // What the queues have missed is counted as well.
    virtual bool queue_stuck(Nanos now) = 0;
    [[nodiscard]] virtual bool receives_nonsense() const = 0;

    Result<> start() final;
    Result<> reset_chip() final;
    std::string_view complaint(Nanos now) final;
    void follow_link();

    io::Mmio regs_;
    std::optional<pci::Msix> msix_;
    Mac mac_;
    bool link_event_ = false;  // set by an interrupt
};

}  // namespace nic::intel

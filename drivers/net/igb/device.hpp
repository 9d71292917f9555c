// SPDX-License-Identifier: MIT
// The chip as a whole: bring-up, interrupts, link.
#pragma once

#include <vector>

#include "drivers/net/igb/own_pair.hpp"
#include "drivers/net/igb/rx_queue.hpp"
#include "drivers/net/intel/controller.hpp"

namespace nic::igb {

class Device final : public intel::Controller {
  public:
    static Result<std::unique_ptr<Device>> create(pci::Function const& function, io::Mmio regs,
                                                  PacketPool& pool, Wake const& wake);
    ~Device() override;
    Device(Device const&) = delete;
    Device& operator=(Device const&) = delete;

    [[nodiscard]] std::string_view driver() const override { return "igb"; }
    [[nodiscard]] u16 queues() const override { return static_cast<u16>(rx_.size()); }
    [[nodiscard]] u32 max_frame() const override { return longest_frame; }

    u32 receive(u16 queue, std::span<PacketRef> into) override;
    u32 transmit(u16 queue, std::span<PacketRef> packets) override;
    bool arm(u16 queue) override;
    [[nodiscard]] bool pending(u16 queue) const override;
    [[nodiscard]] Places places(u16 queue) const override;
    [[nodiscard]] std::optional<u32> place_of(u16 queue, Packet const& packet) const override {
        return tx_[queue].ring().place_of(packet);
    }
    void hear(Vlans const& networks) override;
    [[nodiscard]] u16 own_queues() const override { return networks_.fits() ? own_queues_ : u16{0}; }
    Result<std::unique_ptr<OwnQueue>> own_queue(Station const& station, OwnWake wake) override;

  private:
    Device(pci::Function function, io::Mmio regs);
    Result<> create_queues(PacketPool& pool);
    Result<> start_queues();
    Result<> connect_interrupts(Wake const& wake);
    Result<> start_chip() override;
    Result<> quiesce() override;
    void mask_interrupts() override;
    void clear_link_cause() override;
    void arm_link() override;
    bool queue_stuck(Nanos now) override;
    [[nodiscard]] bool receives_nonsense() const override;
    void empty_rings(bool stopped) override;
    Result<> start_pairs();
    void start_interrupts();
    template <class Visit>
    void for_each_pair(Visit visit);
    // Vector n is that of pool n, and the next one of everything that is not a
    // queue's.
    [[nodiscard]] u16 link_vector() const { return static_cast<u16>(own_queues_ + 1); }

    bool emulated_;            // by QEMU
    std::vector<RxQueue> rx_;  // of pool 0
    std::vector<TxQueue> tx_;  // as many
    OwnPairs own_{};
    VlanFilter networks_;
    intel::Moderation moderation_;  // of the vector of pool 0
    u16 own_queues_ = 0;            // as many as there are vectors for
};

}  // namespace nic::igb

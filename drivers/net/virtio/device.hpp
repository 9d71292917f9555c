// SPDX-License-Identifier: MIT
// The device as a whole: what is agreed on, its queues, its link.
#pragma once

#include <optional>
#include <vector>

#include "drivers/net/card.hpp"
#include "drivers/net/virtio/control_queue.hpp"
#include "drivers/net/virtio/receive_queue.hpp"
#include "drivers/net/virtio/transmit_queue.hpp"
#include "drivers/pci/msix.hpp"

namespace nic::virtio_net {

class Device final : public Card {
  public:
    // `pairs`: at most so many of queues.
    Device(pci::Function function, virtio::Transport transport, PacketPool& pool, u16 pairs, Wake wake)
        : Card{function},
          transport_{std::move(transport)},
          pool_{pool},
          wanted_pairs_{pairs},
          wake_{std::move(wake)} {}
    ~Device() override { retire(); }
    Device(Device const&) = delete;
    Device& operator=(Device const&) = delete;

    Result<> bring_up();

    [[nodiscard]] std::string_view driver() const override { return "virtio-net"; }
    [[nodiscard]] Mac mac() const override { return mac_; }
    [[nodiscard]] u16 queues() const override { return static_cast<u16>(rx_.size()); }
    [[nodiscard]] Offload offload() const override;
    [[nodiscard]] u32 max_frame() const override { return max_frame_; }

    u32 receive(u16 queue, std::span<PacketRef> into) override;
    u32 transmit(u16 queue, std::span<PacketRef> packets) override;
    bool arm(u16 queue) override;
    [[nodiscard]] bool pending(u16 queue) const override;
    // In the order in which they are made available and come back, as chains are.
    [[nodiscard]] Places places(u16 queue) const override {
        auto const& tx = tx_[queue].ring();
        return {queue, rx_[queue].ring().returned(), tx.added(), tx.returned(), 1U << 16};
    }
    [[nodiscard]] std::optional<u32> place_of(u16 queue, Packet const& packet) const override {
        return tx_[queue].place_of(packet);
    }

  private:
    Result<> start() override;
    Result<> reset_chip() override { return transport_.reset(); }
    std::string_view complaint(Nanos now) override;
    void empty_rings(bool stopped) override;

    Result<> agree();
    Result<> read_config();
    Result<> create_queues();
    Result<> connect_interrupts();
    Result<> start_queues();
    Result<> send_commands();
    void read_link();

    [[nodiscard]] bool has(u64 features) const { return (features_ & features) == features; }
    [[nodiscard]] u16 control_index() const {
        return static_cast<u16>(2 * (has(feature_mq) ? most_pairs_ : 1));
    }
    [[nodiscard]] u16 config_vector() const { return queues(); }

    virtio::Transport transport_;
    PacketPool& pool_;
    u16 wanted_pairs_;
    Wake wake_;
    std::vector<ReceiveQueue> rx_;   // number 2n of the device
    std::vector<TransmitQueue> tx_;  // 2n + 1
    std::optional<ControlQueue> control_;
    std::optional<pci::Msix> msix_;
    u64 features_ = 0;
    Mac mac_;
    u16 most_pairs_ = 1;  // that the device has
    u32 max_frame_ = 0;
    bool config_event_ = false;  // set by an interrupt
};

}  // namespace nic::virtio_net

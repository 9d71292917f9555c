// SPDX-License-Identifier: MIT
// The machine's card as a network device: a queue of the card's own for this
// program, which fills pages of this program.
#pragma once

#include <array>
#include <memory>

#include "drivers/io/dma.hpp"
#include "drivers/net/nic.hpp"
#include "drivers/net/pool.hpp"
#include "guest-pv/net/device.hpp"
#include "guest-pv/rt/thread/wait_queue.hpp"

namespace traffic {

class Card final : public net::Device {
  public:
    // The first that has queues for stations. Errno::nodev: there is none.
    static Result<std::unique_ptr<Card>> find();

    [[nodiscard]] net::Mac const& mac() const override { return own_mac; }
    void on_link_change(LinkHandler handler) override { link_changed_ = std::move(handler); }
    bool send(Fill const& fill) override;
    void flush() override;
    bool receive(Receiver const& receiver) override;
    void wait(Nanos deadline) override;
    void wake() override { activity_.wake_all(); }

  private:
    static constexpr net::Mac own_mac{0x02, 0, 0, 0, 0, 0x01};
    static constexpr u32 budget = 64;  // frames taken before other work gets its turn
    static constexpr u32 pages = 128;
    static constexpr u32 batch = 64;        // frames sent together
    static constexpr usize packets = 1024;  // also those of the card's common queue

    Card(std::unique_ptr<nic::PacketPool> pool, io::DmaMemory memory)
        : pool_{std::move(pool)}, memory_{std::move(memory)} {}

    Result<> open();
    void post(u32 count);
    void tick(Nanos now);
    [[nodiscard]] std::span<std::byte const> page(u32 number) const {
        return memory_.bytes().subspan(number * page_size, page_size);
    }

    // Frames in them come from the pool, so it ends last.
    std::unique_ptr<nic::PacketPool> pool_;
    io::DmaMemory memory_;
    std::unique_ptr<nic::Nic> nic_;
    std::unique_ptr<nic::OwnQueue> queue_;
    std::array<nic::PacketRef, batch> outgoing_{};
    u32 waiting_ = 0;  // of these
    u32 next_ = 0;     // page that is filled next
    u32 to_post_ = 0;  // and that is posted next
    std::array<nic::Filled, budget> filled_{};
    Nanos next_tick_ = 0;
    bool link_up_ = false;
    rt::WaitQueue activity_;
    LinkHandler link_changed_;
};

}  // namespace traffic

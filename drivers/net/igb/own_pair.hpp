// SPDX-License-Identifier: MIT
// A pool of the chip with one receive and one transmit queue, owned by a
// station. It outlives resets of the chip.
#pragma once

#include <array>
#include <memory>

#include "drivers/net/igb/regs.hpp"
#include "drivers/net/igb/tx_queue.hpp"
#include "drivers/net/igb/vlan_filter.hpp"
#include "drivers/net/intel/moderation.hpp"
#include "drivers/net/intel/page_ring.hpp"

namespace nic::igb {

class OwnPair;

// By pool; that of pool 0 is never anybody's.
using OwnPairs = std::array<OwnPair*, pool_count>;

// What the pairs of one chip share.
struct Shared {
    io::Mmio const& regs;
    OwnPairs& all;
    bool const& restarting;  // the chip, and then its pairs one by one
    VlanFilter& networks;
    bool prunes;  // a pool does not get back what it sends
};

class OwnPair final : public OwnQueue {
  public:
    // Enters itself into the list and leaves it at its end.
    static Result<std::unique_ptr<OwnPair>> create(Shared const& chip, u16 pool, Station const& station,
                                                   OwnWake wake);
    ~OwnPair() override;
    OwnPair(OwnPair const&) = delete;
    OwnPair& operator=(OwnPair const&) = delete;

    [[nodiscard]] u32 room() const override { return lost_ ? 0 : pages_.room(); }
    void post(std::span<Maddr const> pages) override;
    u32 completed(std::span<Filled> into) override;
    void steer() override;
    u32 transmit(std::span<PacketRef> packets) override;
    bool arm() override;
    [[nodiscard]] Places places() const override {
        return {pool_, pages_.next(), sending_.ring().tail(), sending_.ring().clean(), intel::ring_size};
    }
    [[nodiscard]] std::optional<u32> place_of(Packet const& packet) const override {
        return sending_.ring().place_of(packet);
    }
    Result<u32> retire() override;
    [[nodiscard]] QueueCounters const& counters() const override { return counters_; }

    // For the card: its chip runs again after a reset.
    Result<> start();
    // About once a second: how many frames found no page, and whether it sends.
    void ask_missed();
    [[nodiscard]] bool stuck(Nanos now, bool link_up) { return sending_.stuck(now, link_up); }
    [[nodiscard]] bool nonsense() const { return pages_.nonsense(); }
    void reclaim() { sending_.reclaim(); }
    // The chip has stopped, proven or not; `unsent` packets were taken back.
    void card_stopped(bool proven, u32 unsent);
    Shadow& give_up_sending() { return sending_.give_up(); }

    [[nodiscard]] Mac mac() const { return station_.mac; }
    void wake() const { wake_(); }

  private:
    OwnPair(Shared const& chip, u16 pool, Station const& station, OwnWake wake, intel::PageRing pages,
            TxQueue sending);

    u32 send(std::span<PacketRef> packets);
    u32 send_deaf(std::span<PacketRef> packets);
    Result<> stop_queues();
    void wait_for_restart() const;

    io::Mmio const& regs_;
    OwnPairs& all_;
    bool const& restarting_;
    VlanFilter& networks_;
    bool prunes_;
    u16 pool_;
    Station station_;
    OwnWake wake_;
    intel::PageRing pages_;
    TxQueue sending_;
    QueueCounters counters_;
    intel::Moderation moderation_;
    bool steered_ = false;
    bool running_ = false;
    bool lost_ = false;  // the chip may write to its pages whatever we do
};

}  // namespace nic::igb

// SPDX-License-Identifier: MIT
// A guest's interface that lives behind a card: the card delivers its frames
// into its own queue, and what it sends to the wire leaves by that queue too.
//
//       wire
//        |
//      [card]--------.            the switch has the guest's address at the
//        |           |            card's port, and asks its interface only
//     common      its own         for what it sends
//        |           |
//     NicPort    Residence <---.
//        '--- switch --- VifPort <- guest
#pragma once

#include <memory>
#include <vector>

#include "dom0/net/switch/outgoing.hpp"

namespace net {

class Residence;

// Those who live behind a card, and what became of those who did.
struct Neighbours {
    std::vector<Residence*> present;
    nic::QueueCounters departed;
    u64 departed_overruns = 0;
};

class Residence {
  public:
    // Frames that wait when it ends leave by the card's common queue.
    Residence(Neighbours& neighbours, nic::Mac station, std::unique_ptr<nic::OwnQueue> queue,
              nic::Nic const& nic, nic::PacketPool& pool, Outgoing& common);
    ~Residence();
    Residence(Residence const&) = delete;
    Residence& operator=(Residence const&) = delete;

    [[nodiscard]] nic::OwnQueue& queue() { return *queue_; }
    [[nodiscard]] nic::OwnQueue const& queue() const { return *queue_; }

    // As those of a port; the port of the card flushes it.
    void enqueue(std::span<nic::PacketRef> frames) {
        for (nic::PacketRef& packet : frames)
            outgoing_.enqueue(std::move(packet));
    }
    bool flush() {
        return outgoing_.flush([this](auto frames) { return transmit(frames); });
    }
    [[nodiscard]] nic::Mac station() const { return station_; }
    [[nodiscard]] Outgoing const& outgoing() const { return outgoing_; }
    [[nodiscard]] u64 overruns() const { return outgoing_.overruns(); }
    // The card still can.
    [[nodiscard]] bool delivers() const { return nic_.link_up() && nic_.own_queues() != 0; }

  private:
    u32 transmit(std::span<nic::PacketRef> frames);

    Neighbours& neighbours_;
    nic::Mac station_;
    nic::Nic const& nic_;
    std::unique_ptr<nic::OwnQueue> queue_;
    Outgoing outgoing_;
    Outgoing& common_;
};

}  // namespace net

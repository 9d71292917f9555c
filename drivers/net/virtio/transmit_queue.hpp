// SPDX-License-Identifier: MIT
// Sending: a header and the buffers of a packet, as one chain.
#pragma once

#include "drivers/net/nic.hpp"
#include "drivers/net/progress.hpp"
#include "drivers/net/shadow.hpp"
#include "drivers/net/virtio/layout.hpp"
#include "drivers/virtio/split_ring.hpp"

namespace nic::virtio_net {

class TransmitQueue {
  public:
    static Result<TransmitQueue> create(u16 size);

    // From the start, empty. The device does not run.
    void clear(bool by_index) {
        ring_.clear(by_index);
        progress_ = {};
    }

    u32 transmit(std::span<PacketRef> packets, Counters& counters);

    // Let go of what was sent.
    void reclaim();

    // The last of a batch stands for all of it.
    [[nodiscard]] std::optional<u32> place_of(Packet const& packet) const {
        if (!shadow_.place_of(packet))
            return std::nullopt;
        return static_cast<u16>(ring_.added() - 1);
    }

    // Asked about once a second, with the state of the link.
    [[nodiscard]] bool stuck(Nanos now, bool link_up) {
        reclaim();
        return progress_.stands_still(now, link_up && ring_.room() != ring_.size());
    }

    [[nodiscard]] virtio::SplitRing& ring() { return ring_; }
    [[nodiscard]] virtio::SplitRing const& ring() const { return ring_; }
    [[nodiscard]] Shadow& shadow() { return shadow_; }

  private:
    TransmitQueue(virtio::SplitRing ring, io::DmaMemory headers)
        : ring_{std::move(ring)}, shadow_{ring_.memory(), ring_.size()}, headers_{std::move(headers)} {}

    void put(PacketRef packet);

    virtio::SplitRing ring_;
    Shadow shadow_;
    io::DmaMemory headers_;  // one for each head; the device reads them only
    Progress progress_;
};

}  // namespace nic::virtio_net

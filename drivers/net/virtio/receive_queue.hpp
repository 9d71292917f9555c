// SPDX-License-Identifier: MIT
// Receiving: pages posted to the device, which fills as many as a frame needs.
// The first begins with a header that says how many, and what is left to do.
#pragma once

#include <memory>

#include "drivers/net/nic.hpp"
#include "drivers/net/pool.hpp"
#include "drivers/net/shadow.hpp"
#include "drivers/net/virtio/layout.hpp"
#include "drivers/virtio/split_ring.hpp"

namespace nic::virtio_net {

// What was agreed on.
struct Receives {
    u32 max_frame = 0;
    bool blank_checksums = false;
    bool large = false;
};

class ReceiveQueue {
  public:
    static Result<ReceiveQueue> create(u16 size, PacketPool& pool) {
        return ReceiveQueue{pool, TRY(virtio::SplitRing::create(size))};
    }

    // From the start, with all buffers posted. The device does not run.
    Result<> fill(Receives receives, bool by_index);

    u32 receive(std::span<PacketRef> into, Counters& counters);

    [[nodiscard]] virtio::SplitRing& ring() { return ring_; }
    [[nodiscard]] virtio::SplitRing const& ring() const { return ring_; }
    [[nodiscard]] bool broken() const { return broken_ || ring_.broken(); }
    [[nodiscard]] Shadow& shadow() { return shadow_; }

  private:
    ReceiveQueue(PacketPool& pool, virtio::SplitRing ring)
        : pool_{&pool}, ring_{std::move(ring)}, shadow_{ring_.memory(), ring_.size()} {}

    void post(PacketRef buffer);
    void begin(Packet const& buffer, u32 bytes);
    void add(PacketRef buffer, u32 bytes, PacketRef& frame, Counters& counters);
    [[nodiscard]] bool acceptable(u32 bytes, u32 before) const;
    [[nodiscard]] bool finish(Packet& frame) const;

    PacketPool* pool_;
    virtio::SplitRing ring_;
    Shadow shadow_;
    Receives receives_;
    Header header_{};          // of the frame that is coming in
    u32 missing_ = 0;          // buffers of it
    PacketRef unfinished_;     // what has come of it
    bool discarding_ = false;  // it is no good
    bool broken_ = false;
};

}  // namespace nic::virtio_net

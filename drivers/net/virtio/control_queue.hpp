// SPDX-License-Identifier: MIT
// Commands to the device, one at a time, while it is being started (VIRTIO 1.2,
// section 5.1.6.5).
#pragma once

#include "drivers/net/shadow.hpp"
#include "drivers/net/virtio/layout.hpp"
#include "drivers/virtio/transport.hpp"

namespace nic::virtio_net {

class ControlQueue {
  public:
    static Result<ControlQueue> create(u16 size);

    void clear(bool by_index) { ring_.clear(by_index); }

    // Sends it by queue `index` and waits. Errno::timedout; Errno::io: refused.
    Result<> command(virtio::Transport const& transport, u16 index, Command command, u16 argument);

    [[nodiscard]] virtio::SplitRing const& ring() const { return ring_; }
    // Both the device may write to.
    [[nodiscard]] Shadow& ring_memory() { return ring_memory_; }
    [[nodiscard]] Shadow& message() { return message_; }

  private:
    ControlQueue(virtio::SplitRing ring, io::DmaMemory message)
        : ring_{std::move(ring)}, ring_memory_{ring_.memory(), 0}, message_{std::move(message), 0} {}

    virtio::SplitRing ring_;
    Shadow ring_memory_;
    Shadow message_;
};

}  // namespace nic::virtio_net

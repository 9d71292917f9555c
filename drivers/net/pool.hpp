// SPDX-License-Identifier: MIT
// All packet buffers of the driver domain, allocated once. Nothing on the path
// of a packet asks for memory.
#pragma once

#include <memory>
#include <vector>

#include "drivers/io/dma.hpp"
#include "drivers/net/packet.hpp"

namespace nic {

class PacketPool {
  public:
    // Packets point at their pool, so it stays where it is and outlives them.
    static Result<std::unique_ptr<PacketPool>> create(usize packets);

    PacketPool(PacketPool const&) = delete;
    PacketPool& operator=(PacketPool const&) = delete;

    // Empty when all buffers are in use.
    PacketRef take();

    // What the buffer refers to is a page of the pool's again, not of who lent it.
    void reclaim(Packet& buffer);

    [[nodiscard]] usize free() const { return free_; }
    [[nodiscard]] usize size() const { return packets_.size(); }

  private:
    friend class PacketRef;
    PacketPool() = default;
    void give_back(Packet& packet);
    // Apart, as each packet that comes back passes the other one.
    [[gnu::cold, gnu::noinline]] void give_back_lent(Packet& frame);

    std::vector<io::DmaMemory> pages_;
    std::vector<Packet> packets_;
    Packet* first_free_ = nullptr;
    usize free_ = 0;
};

}  // namespace nic

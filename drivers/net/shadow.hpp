// SPDX-License-Identifier: MIT
// The driver's own record of what it lent to a card, by place in a ring. Every
// driver keeps one: what a card writes is a claim, so addresses are never read
// back from it.
#pragma once

#include <optional>
#include <vector>

#include "drivers/io/dma.hpp"
#include "drivers/net/packet.hpp"

namespace nic {

// A card that would not stop may still write to this: it is never freed.
void abandon(io::DmaMemory memory);

class Shadow {
  public:
    // `memory` is what else the card writes to: its descriptors.
    Shadow(io::DmaMemory memory, u32 places) : memory_{std::move(memory)}, packets_(places) {}

    [[nodiscard]] io::DmaMemory const& memory() const { return memory_; }
    [[nodiscard]] PacketRef& operator[](u32 place) { return packets_[place]; }
    [[nodiscard]] PacketRef const& operator[](u32 place) const { return packets_[place]; }

    // Where it lies; only looked for.
    [[nodiscard]] std::optional<u32> place_of(Packet const& packet) const;

    // The card has stopped: every packet goes back to its pool. Returns how many.
    u32 clear();
    // It may still write to all of this, which is given up for good. Returns
    // how many packets were.
    u32 leak();

  private:
    io::DmaMemory memory_;
    std::vector<PacketRef> packets_;
};

}  // namespace nic

// SPDX-License-Identifier: MIT
// Descriptors in memory that the chip reads and writes. The driver keeps its
// own record of what is in each place (the shadow) and never reads an address
// back: what the chip wrote is a claim, not memory of ours.
#pragma once

#include <vector>

#include "drivers/io/dma.hpp"
#include "drivers/io/once.hpp"
#include "drivers/net/igb/descriptors.hpp"
#include "drivers/net/packet.hpp"

namespace nic::igb {

inline constexpr u32 ring_size = 256;  // a power of two

class Ring {
  public:
    static Result<Ring> create() { return Ring{TRY(io::DmaMemory::allocate(bytes))}; }

    static constexpr u32 bytes = ring_size * sizeof(Descriptor);
    static constexpr u32 next(u32 index) { return (index + 1) % ring_size; }

    [[nodiscard]] Maddr maddr() const { return memory_.maddr(); }
    [[nodiscard]] u64 done_word(u32 index) const { return io::load_once(descriptors_[index].high); }
    void put(u32 index, u64 low, u64 high) {
        io::store_once(descriptors_[index].low, low);
        io::store_once(descriptors_[index].high, high);
    }

    [[nodiscard]] PacketRef& packet(u32 index) { return shadow_[index]; }
    [[nodiscard]] PacketRef const& packet(u32 index) const { return shadow_[index]; }

    // Every packet still here is given up. Returns how many.
    u32 leak();
    // Every packet still here goes back to its pool. Returns how many.
    u32 clear();

  private:
    explicit Ring(io::DmaMemory memory)
        : memory_{std::move(memory)}, descriptors_{memory_.as<Descriptor>()}, shadow_(ring_size) {}

    io::DmaMemory memory_;
    std::span<Descriptor> descriptors_;
    std::vector<PacketRef> shadow_;
};

}  // namespace nic::igb

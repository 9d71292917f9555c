// SPDX-License-Identifier: MIT
// Descriptors in memory that the chip reads and writes, and what is behind them.
#pragma once

#include "drivers/io/once.hpp"
#include "drivers/net/intel/descriptors.hpp"
#include "drivers/net/shadow.hpp"

namespace nic::intel {

inline constexpr u32 ring_size = 256;  // a power of two

class Ring {
  public:
    static Result<Ring> create() { return Ring{TRY(io::DmaMemory::allocate(bytes))}; }

    static constexpr u32 bytes = ring_size * sizeof(Descriptor);
    static constexpr u32 next(u32 index) { return (index + 1) % ring_size; }

    [[nodiscard]] Maddr maddr() const { return shadow_.memory().maddr(); }
    [[nodiscard]] u64 done_word(u32 index) const { return io::load_once(descriptors_[index].high); }
    void put(u32 index, u64 low, u64 high) {
        io::store_once(descriptors_[index].low, low);
        io::store_once(descriptors_[index].high, high);
    }

    [[nodiscard]] PacketRef& packet(u32 index) { return shadow_[index]; }
    [[nodiscard]] PacketRef const& packet(u32 index) const { return shadow_[index]; }
    [[nodiscard]] Shadow& shadow() { return shadow_; }

  private:
    explicit Ring(io::DmaMemory memory)
        : shadow_{std::move(memory), ring_size}, descriptors_{shadow_.memory().as<Descriptor>()} {}

    Shadow shadow_;
    std::span<Descriptor> descriptors_;
};

}  // namespace nic::intel

// SPDX-License-Identifier: MIT
// Descriptors in memory that the chip reads and writes, and what is behind them.
#pragma once

#include "drivers/io/once.hpp"
#include "drivers/net/intel/descriptors.hpp"
#include "drivers/net/shadow.hpp"

namespace nic::intel {

inline constexpr u32 ring_size = 256;  // a power of two

class Descriptors {
  public:
    static Result<Descriptors> create() { return Descriptors{TRY(io::DmaMemory::allocate(bytes))}; }

    static constexpr u32 bytes = ring_size * sizeof(Descriptor);
    static constexpr u32 next(u32 index) { return (index + 1) % ring_size; }

    [[nodiscard]] io::DmaMemory const& memory() const { return memory_; }
    [[nodiscard]] Maddr maddr() const { return memory_.maddr(); }
    [[nodiscard]] u64 done_word(u32 index) const { return io::load_once(places_[index].high); }
    void put(u32 index, u64 low, u64 high) {
        io::store_once(places_[index].low, low);
        io::store_once(places_[index].high, high);
    }

  private:
    explicit Descriptors(io::DmaMemory memory)
        : memory_{std::move(memory)}, places_{memory_.as<Descriptor>()} {}

    io::DmaMemory memory_;
    std::span<Descriptor> places_;
};

// With a packet of ours behind each.
class Ring : public Descriptors {
  public:
    static Result<Ring> create() { return Ring{TRY(Descriptors::create())}; }

    [[nodiscard]] PacketRef& packet(u32 index) { return shadow_[index]; }
    [[nodiscard]] PacketRef const& packet(u32 index) const { return shadow_[index]; }
    [[nodiscard]] Shadow& shadow() { return shadow_; }
    [[nodiscard]] Shadow const& shadow() const { return shadow_; }

  private:
    explicit Ring(Descriptors descriptors)
        : Descriptors{std::move(descriptors)}, shadow_{memory(), ring_size} {}

    Shadow shadow_;
};

}  // namespace nic::intel

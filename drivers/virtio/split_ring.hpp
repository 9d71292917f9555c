// SPDX-License-Identifier: MIT
// A split virtqueue (VIRTIO 1.2, section 2.7): a table of descriptors, a ring in
// which the driver makes chains of them available, and one in which the device
// returns them as used, in any order. What the driver needs to know of its
// chains it keeps to itself: all three are within the device's reach.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "drivers/io/dma.hpp"
#include "drivers/io/once.hpp"
#include "kernel/base/result.hpp"

namespace virtio {

// 2.7.5
struct Descriptor {
    u64 at;
    u32 bytes;
    u16 flags;
    u16 next;
};
inline constexpr u16 flag_next = 1;
inline constexpr u16 flag_write = 2;  // by the device

struct UsedElement {
    u32 id;
    u32 bytes;
};

inline constexpr u16 no_interrupt = 1;  // 2.7.6, flags of the available ring
inline constexpr u16 no_notify = 1;     // 2.7.8, flags of the used ring

struct Piece {
    Maddr at;
    u32 bytes;
    bool device_writes;
};

// A chain that came back; the length is the device's claim.
struct Used {
    u16 head;
    u32 bytes;
};

class SplitRing {
  public:
    // `size` is a power of two.
    static Result<SplitRing> create(u16 size);

    // Empty, with every interrupt but asked-for ones off. The device does not
    // run. `by_index`: interrupts and notifications are asked for by index (2.7.7.2).
    void clear(bool by_index);

    [[nodiscard]] u16 size() const { return size_; }
    [[nodiscard]] u16 room() const { return free_; }
    [[nodiscard]] io::DmaMemory const& memory() const { return memory_; }
    [[nodiscard]] Maddr descriptors() const { return memory_.maddr(); }
    [[nodiscard]] Maddr available() const { return memory_.maddr() + available_offset(); }
    [[nodiscard]] Maddr used() const { return memory_.maddr() + used_offset(); }

    // The head of the next chain that is added.
    [[nodiscard]] u16 next_head() const { return first_free_; }
    // At most room() pieces.
    void add(std::span<Piece const> chain);
    // What was added is for the device now; true: it wants to be told.
    [[nodiscard]] bool publish();

    [[nodiscard]] bool pending() const { return io::load_once(*used_index_) != seen_; }
    // The next chain that came back.
    std::optional<Used> take();
    // One more interrupt, please, when something comes back; true when something has.
    bool ask();

    // How many chains were added, and how many of them came back, so far.
    [[nodiscard]] u16 added() const { return added_; }
    [[nodiscard]] u16 returned() const { return seen_; }

    // The device returned what it was not given; nothing of the ring is true.
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    SplitRing(u16 size, io::DmaMemory memory);
    [[nodiscard]] usize available_offset() const { return size_ * sizeof(Descriptor); }
    [[nodiscard]] usize used_offset() const {
        // Flags, index, one entry each, and the event index behind them.
        return round_up(available_offset() + (3U + size_) * sizeof(u16), alignof(u32));
    }
    void release(u16 head);

    u16 size_;
    io::DmaMemory memory_;
    std::span<Descriptor> table_;
    u16* available_flags_;
    u16* available_index_;
    u16* available_entries_;
    u16* wanted_event_;  // the driver's
    u16* used_flags_;
    u16* used_index_;
    UsedElement* used_entries_;
    u16* wanted_notify_;  // the device's

    std::vector<u16> next_;    // in a chain, or in the list of free ones
    std::vector<u16> length_;  // of the chain, by its head; zero: no head that is out
    u16 first_free_ = 0;
    u16 free_ = 0;
    u16 added_ = 0;
    u16 published_ = 0;
    u16 seen_ = 0;  // of the used ring
    bool by_index_ = false;
    bool asked_ = false;
    bool broken_ = false;
};

}  // namespace virtio

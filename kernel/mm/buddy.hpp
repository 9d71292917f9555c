// SPDX-License-Identifier: MIT
// The lists of free blocks: a buddy system with one pool below 4 GiB, for
// devices that reach no further, and one above. Records of the blocks live in
// the frame table; callers hold the lock.
#pragma once

#include <array>

#include "kernel/mm/frame_alloc.hpp"

namespace mm {

enum class Pool : u8 { low, high };

class Buddy {
  public:
    // A block of 2^order frames, or one split off a larger one; null: none.
    PageInfo* take(Pool pool, unsigned order);
    // Joins the block with its free neighbours.
    void give(Mfn first, unsigned order);

    [[nodiscard]] u64 free_frames() const { return free_frames_; }
    void count_new(u64 frames) { total_frames_ += frames; }
    [[nodiscard]] u64 total_frames() const { return total_frames_; }

  private:
    using List = std::array<u32, max_order + 1>;  // index + 1 of the first block, 0: none

    static Pool pool_of(Mfn m);
    u32& head(PageInfo const& p, unsigned order);
    void push(PageInfo& p, unsigned order);
    void unlink(PageInfo& p);
    PageInfo* free_neighbour(Mfn first, unsigned order) const;

    std::array<List, 2> pools_{};
    u64 free_frames_ = 0;
    u64 total_frames_ = 0;
};

}  // namespace mm

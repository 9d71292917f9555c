// SPDX-License-Identifier: MIT
// Blocks of any size out of memory that it is given: the first that is large
// enough, by address; freed ones join their neighbours. What it must know
// stands in the blocks, so it works where no other memory is to be had.
#pragma once

#include <cstddef>
#include <span>

#include "kernel/base/types.hpp"

namespace rt {

class BlockList {
  public:
    // Blocks begin at multiples of this, and so must what is added.
    static constexpr usize alignment = 16;

    constexpr BlockList() = default;

    void add(std::span<std::byte> memory);

    // Null: there is no block that large.
    void* allocate(usize bytes);
    void free(void* memory);

    // What is free, with what is said in front of each block.
    [[nodiscard]] usize free_bytes() const { return free_; }

  private:
    struct alignas(alignment) Block {
        usize bytes;  // with this head
        Block* next;  // free ones alone: by address
        [[nodiscard]] std::byte* end() { return reinterpret_cast<std::byte*>(this) + bytes; }
    };

    void insert(Block* block);
    static void join(Block* block, Block* next);

    Block* first_ = nullptr;
    usize free_ = 0;
};

}  // namespace rt

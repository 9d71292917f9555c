// SPDX-License-Identifier: MIT
#include "guest-pv/rt/memory/block_list.hpp"

#include <functional>
#include <new>

#include "kernel/base/types.hpp"

namespace rt {

void BlockList::add(std::span<std::byte> memory) {
    usize const bytes = memory.size() / alignment * alignment;
    if (bytes > sizeof(Block))
        insert(new (memory.data()) Block{bytes, nullptr});
}

void* BlockList::allocate(usize bytes) {
    if (bytes > free_)
        return nullptr;
    usize const wanted = sizeof(Block) + round_up(bytes, alignment);
    Block** at = &first_;
    while (*at != nullptr && (*at)->bytes < wanted)
        at = &(*at)->next;
    Block* const block = *at;
    if (block == nullptr)
        return nullptr;
    if (block->bytes - wanted > sizeof(Block)) {
        auto* const rest =
            new (reinterpret_cast<std::byte*>(block) + wanted) Block{block->bytes - wanted, block->next};
        block->bytes = wanted;
        *at = rest;
    } else {
        *at = block->next;
    }
    free_ -= block->bytes;
    return block + 1;
}

void BlockList::free(void* memory) {
    insert(static_cast<Block*>(memory) - 1);
}

void BlockList::insert(Block* block) {
    free_ += block->bytes;
    Block* before = nullptr;
    Block* after = first_;
    while (after != nullptr && std::less<>{}(after, block)) {
        before = after;
        after = after->next;
    }
    block->next = after;
    (before == nullptr ? first_ : before->next) = block;
    join(block, after);
    join(before, block);
}

void BlockList::join(Block* block, Block* next) {
    if (block == nullptr || next == nullptr || block->end() != reinterpret_cast<std::byte*>(next))
        return;
    block->bytes += next->bytes;
    block->next = next->next;
}

}  // namespace rt

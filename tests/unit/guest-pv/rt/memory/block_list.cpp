// SPDX-License-Identifier: MIT
#include "guest-pv/rt/memory/block_list.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <rapidcheck.h>
#include <span>
#include <vector>

using rt::BlockList;

namespace {

struct alignas(BlockList::alignment) Memory {
    std::byte bytes[4096];
};

}  // namespace

TEST_CASE("without memory there are no blocks") {
    BlockList blocks;
    CHECK(blocks.allocate(1) == nullptr);
    CHECK(blocks.free_bytes() == 0);
}

TEST_CASE("what is too large is refused and nothing has changed") {
    Memory memory;
    BlockList blocks;
    blocks.add(memory.bytes);
    CHECK(blocks.allocate(sizeof memory) == nullptr);
    CHECK(blocks.allocate(~usize{0}) == nullptr);
    CHECK(blocks.free_bytes() == sizeof memory);
    CHECK(blocks.allocate(sizeof memory - BlockList::alignment) != nullptr);
    CHECK(blocks.free_bytes() == 0);
}

TEST_CASE("blocks freed in any order are one again") {
    Memory memory;
    BlockList blocks;
    blocks.add(memory.bytes);
    void* const a = blocks.allocate(100);
    void* const b = blocks.allocate(1);
    void* const c = blocks.allocate(500);
    blocks.free(a);
    blocks.free(c);
    blocks.free(b);
    CHECK(blocks.allocate(sizeof memory - BlockList::alignment) == memory.bytes + BlockList::alignment);
}

TEST_CASE("memory added later is used, too, and joined to its neighbour") {
    Memory memory;
    BlockList blocks;
    auto const halves = std::span{memory.bytes};
    blocks.add(halves.last(2048));
    CHECK(blocks.allocate(3000) == nullptr);
    blocks.add(halves.first(2048));
    CHECK(blocks.allocate(3000) != nullptr);
}

TEST_CASE("blocks are aligned, never overlap, and all comes back") {
    CHECK(rc::check([](std::vector<u16> const& steps) {
        Memory memory;
        BlockList blocks;
        blocks.add(memory.bytes);
        struct Held {
            std::byte* at;
            usize bytes;
            std::byte mark;
        };
        std::vector<Held> held;
        auto const give_back = [&](usize index) {
            Held const block = held[index];
            for (usize i = 0; i < block.bytes; ++i)
                RC_ASSERT((block.at[i] == block.mark));
            held.erase(held.begin() + static_cast<std::ptrdiff_t>(index));
            blocks.free(block.at);
        };
        for (u16 const step : steps) {
            if (step % 3 == 0 && !held.empty()) {
                give_back(step / 3 % held.size());
                continue;
            }
            usize const bytes = step % 700;
            auto* const at = static_cast<std::byte*>(blocks.allocate(bytes));
            if (at == nullptr)
                continue;
            RC_ASSERT((reinterpret_cast<u64>(at) % BlockList::alignment == 0));
            std::memset(at, step % 256, bytes);
            held.push_back({at, bytes, std::byte(step % 256)});
        }
        while (!held.empty())
            give_back(0);
        RC_ASSERT((blocks.free_bytes() == sizeof memory));
        RC_ASSERT((blocks.allocate(sizeof memory - BlockList::alignment) != nullptr));
    }));
}

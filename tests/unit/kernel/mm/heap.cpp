// SPDX-License-Identifier: MIT
// kernel/mm/heap: objects of all sizes, zeroed, and not a byte lost.
#include "kernel/mm/heap.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <cstring>

#include "tests/host/memory.hpp"

TEST_CASE("DS-4 the heap is as before when all objects are freed") {
    host::power_on();
    rc::prop("random sizes in random order", [] {
        struct Object {
            std::byte* p;
            usize bytes;
            std::byte mark;
        };
        u64 const frames = mm::free_frame_count();
        std::vector<Object> live;
        auto release = [&](usize i) {
            Object const o = live[i];
            RC_ASSERT(std::all_of(o.p, o.p + o.bytes, [&](std::byte b) { return b == o.mark; }));
            mm::heap_free(o.p, o.bytes);
            live.erase(live.begin() + static_cast<std::ptrdiff_t>(i));
        };
        for (int step = *rc::gen::inRange(0, 100); step > 0; --step) {
            if (!live.empty() && *rc::gen::inRange(0, 3) == 0) {
                release(*rc::gen::inRange<usize>(0, live.size()));
                continue;
            }
            usize const bytes = *rc::gen::inRange<usize>(1, 9000);
            auto* const p = static_cast<std::byte*>(*mm::heap_alloc(bytes));
            RC_ASSERT(reinterpret_cast<uptr>(p) % 64 == 0u);
            RC_ASSERT(std::all_of(p, p + bytes, [](std::byte b) { return b == std::byte{0}; }));
            auto const mark = static_cast<std::byte>(step);
            std::memset(p, step, bytes);
            live.push_back({p, bytes, mark});
        }
        while (!live.empty())
            release(live.size() - 1);
        RC_ASSERT(mm::heap_bytes_in_use() == 0u);
        RC_ASSERT(mm::free_frame_count() == frames);
    });
}

TEST_CASE("an array constructs and destroys its elements") {
    host::power_on();
    static int alive = 0;
    struct Counted {
        Counted() { ++alive; }
        ~Counted() { --alive; }
        u64 payload[9] = {};
    };
    {
        auto array = mm::HeapArray<Counted>::make(1000);
        REQUIRE(array.has_value());
        CHECK(alive == 1000);
        CHECK(array->size() == 1000);
        mm::HeapArray<Counted> moved = std::move(*array);
        CHECK(moved.size() == 1000);
    }
    CHECK(alive == 0);
    CHECK(mm::heap_bytes_in_use() == 0);
    CHECK(mm::HeapArray<u64>::make(~usize{0} / 4).error() == Errno::nomem);
}

TEST_CASE("LC-3 an object that finds no memory leaves nothing behind") {
    host::power_on();
    std::vector<Mfn> all;
    while (auto const m = mm::alloc_frames())
        all.push_back(*m);
    struct Small {
        u64 x;
    };
    CHECK(mm::heap_new<Small>().error() == Errno::nomem);
    CHECK(mm::heap_alloc(100000).error() == Errno::nomem);
    CHECK(mm::heap_bytes_in_use() == 0);
    for (Mfn const m : all)
        mm::free_frames(m);
}

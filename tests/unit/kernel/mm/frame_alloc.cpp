// SPDX-License-Identifier: MIT
// kernel/mm/frame_alloc: blocks come zeroed and aligned, never twice, and join
// again when they are given back.
#include "kernel/mm/frame_alloc.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "tests/host/memory.hpp"

namespace {

struct Block {
    Mfn first;
    unsigned order;
};

bool all_zero(Mfn first, u64 frames) {
    auto const* const p = machine::frame_as<u64>(first);
    return std::all_of(p, p + frames * page_size / sizeof(u64), [](u64 w) { return w == 0; });
}

void scribble(Mfn first, u64 frames) {
    std::memset(machine::frame_ptr(first), 0xa5, frames * page_size);
}

}  // namespace

TEST_CASE("MM-4 blocks are aligned, zeroed and disjoint whatever was freed before") {
    host::power_on();
    rc::prop("random allocation and release", [] {
        u64 const at_start = mm::free_frame_count();
        std::vector<Block> held;
        std::set<u64> frames;
        for (int step = *rc::gen::inRange(0, 60); step > 0; --step) {
            if (held.empty() || *rc::gen::inRange(0, 3) != 0) {
                auto const order = *rc::gen::inRange(0u, 6u);
                auto const m = mm::alloc_frames(order);
                RC_ASSERT(m.has_value());
                RC_ASSERT(m->raw() % (u64{1} << order) == 0u);
                RC_ASSERT(all_zero(*m, u64{1} << order));
                scribble(*m, u64{1} << order);
                for (u64 i = 0; i < u64{1} << order; ++i) {
                    RC_ASSERT(frames.insert(m->raw() + i).second);
                    RC_ASSERT(mm::page_of(*m + i) != nullptr);
                }
                held.push_back({*m, order});
            } else {
                auto const which = *rc::gen::inRange<usize>(0, held.size());
                Block const b = held[which];
                held.erase(held.begin() + static_cast<std::ptrdiff_t>(which));
                for (u64 i = 0; i < u64{1} << b.order; ++i)
                    frames.erase(b.first.raw() + i);
                mm::free_frames(b.first, b.order);
            }
            RC_ASSERT(mm::free_frame_count() == at_start - frames.size());
        }
        for (Block const& b : held)
            mm::free_frames(b.first, b.order);
        RC_ASSERT(mm::free_frame_count() == at_start);
    });
}

TEST_CASE("single frames that were freed join to the largest block again") {
    host::power_on();
    std::vector<Mfn> all;
    while (auto const m = mm::alloc_frames())
        all.push_back(*m);
    CHECK(mm::free_frame_count() == 0);
    CHECK(all.size() == mm::total_frame_count());
    CHECK(mm::alloc_frames().error() == Errno::nomem);
    for (Mfn const m : all)
        mm::free_frames(m);
    auto const large = mm::alloc_frames(10);
    REQUIRE(large.has_value());
    mm::free_frames(*large, 10);
}

TEST_CASE("only RAM has a record") {
    host::power_on();
    CHECK(mm::page_of(host::ram_start) != nullptr);
    CHECK(mm::page_of(host::ram_start - 1) == nullptr);
    CHECK(mm::page_of(host::hole_start) == nullptr);
    CHECK(mm::page_of(host::device_frame) == nullptr);
    CHECK(mm::page_of(mfn_none) == nullptr);
    CHECK(mm::mfn_of(*mm::page_of(host::ram_start + 7)) == host::ram_start + 7);
}

TEST_CASE("TLB-1 a frame is handed out only behind a flush that came after its release") {
    host::power_on();
    Mfn const m = *mm::alloc_frames();
    mm::free_frames(m);
    auto const before = host::tlb().flushes.size();
    Mfn const again = *mm::alloc_frames();
    CHECK(again == m);
    CHECK(host::tlb().flushes.size() == before + 1);
    mm::free_frames(again);
    machine::flush_tlb(1);
    Mfn const third = *mm::alloc_frames();
    CHECK(host::tlb().flushes.size() == before + 2);
    mm::free_frames(third);
}

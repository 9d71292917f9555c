// SPDX-License-Identifier: MIT
#include "kernel/trace/room.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "kernel/mm/alloc_fault.hpp"
#include "kernel/trace/trace.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/memory.hpp"

namespace {

constexpr u32 cpus = 2, pages = 5;

struct Taken {
    Result<bool> end;
    u32 calls;
    u64 most_at_once;  // bytes
};

// All of it, or all that there is.
Taken take() {
    Taken t{.end = false, .calls = 0, .most_at_once = 0};
    while (t.end && !*t.end) {
        u64 const before = mm::heap_bytes_in_use();
        t.end = trace::make_room();
        u64 const after = mm::heap_bytes_in_use();
        t.most_at_once = std::max(t.most_at_once, after > before ? after - before : before - after);
        ++t.calls;
    }
    return t;
}

}  // namespace

// The order counts: what is there stays.
TEST_CASE("memory for the record is taken a page at a time, of all CPUs or not at all") {
    host::power_on();
    host::cpu().online = cpus;
    trace::set_room(pages);
    constexpr u64 two_pages = 2 * page_size;  // one, and what describes the ring

    // Each place that asks is refused once; then all of it is there in the fewest calls.
    for (u64 nth = 1;; ++nth) {
        u64 const before = mm::heap_bytes_in_use();
        mm::alloc_fault::refuse_nth(nth);
        Taken const taken = take();
        mm::alloc_fault::stop();
        CHECK(taken.most_at_once < two_pages);
        if (taken.end) {
            CHECK(nth > cpus * pages);
            CHECK(taken.calls == cpus * pages + 1);
            CHECK(mm::heap_bytes_in_use() >= before + cpus * pages * page_size);
            break;
        }
        INFO(nth);
        CHECK(taken.end == Fail{Errno::nomem});
        CHECK(mm::heap_bytes_in_use() == before);
        CHECK(trace::recorder_of(CpuId{0}) == nullptr);
        REQUIRE(nth < 100);
    }
    for (u32 cpu = 0; cpu < cpus; ++cpu)
        CHECK(trace::recorder_of(CpuId{cpu})->ring.size() == pages * trace::Ring::events_in_page);
    CHECK(trace::recorder_of(CpuId{cpus}) == nullptr);

    u64 const in_use = mm::heap_bytes_in_use();
    CHECK(trace::make_room() == true);
    CHECK(mm::heap_bytes_in_use() == in_use);
}

// SPDX-License-Identifier: MIT
#include "kernel/trace/ring.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch_test_macros.hpp>
#include <thread>
#include <vector>

namespace {

using namespace trace;

// All its fields follow from its number, so that a torn one is seen.
Event event_number(u64 n) {
    return {.time = static_cast<Nanos>(n),
            .kind = static_cast<Kind>(n % names.size()),
            .who = {static_cast<u16>(n), static_cast<u16>(n >> 16)},
            .a = n * 3,
            .b = ~n};
}

struct Memory {
    std::vector<Ring::Page> all;
    std::vector<Ring::Page*> pages;

    explicit Memory(usize n) : all(n) {
        for (Ring::Page& page : all)
            pages.push_back(&page);
    }
};

}  // namespace

TEST_CASE("the last events can be read, older ones cannot") {
    rc::prop("any size, any number of events", [] {
        Memory const memory(*rc::gen::inRange<usize>(1, 5));
        Ring ring{memory.pages};
        u64 const written = *rc::gen::inRange<u64>(0, 1000);
        for (u64 n = 0; n < written; ++n)
            ring.write(event_number(n));
        RC_ASSERT(ring.written() == written);
        for (u64 n = 0; n < written + 3; ++n) {
            auto const e = ring.read(n);
            RC_ASSERT(e.has_value() == (n >= ring.oldest() && n < written));
            if (e)
                RC_ASSERT(*e == event_number(n));
        }
        RC_ASSERT(written - ring.oldest() == std::min(written, ring.size() - 1));
    });
}

TEST_CASE("what is read while its CPU writes is whole or is not there") {
    constexpr u64 events = 300'000;
    Memory const memory(1);
    Ring ring{memory.pages};
    std::jthread const writer{[&] {
        for (u64 n = 0; n < events; ++n)
            ring.write(event_number(n));
    }};
    bool whole = true;
    while (ring.written() < events)
        for (u64 n = ring.oldest(), end = ring.written(); n < end; ++n)
            if (auto const e = ring.read(n))
                whole &= *e == event_number(n);
    CHECK(whole);
}

// SPDX-License-Identifier: MIT
#include "kernel/sync/lock.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <vector>

#include "tests/host/console.hpp"
#include "tests/host/crew.hpp"

namespace {

template <Rank R>
using Counter = Locked<int, R>;

Counter<Rank::domain> outer;
Counter<Rank::heap> inner;
Counter<Rank::grant> one, another;

}  // namespace

TEST_CASE("MM-7 locks are taken from the outside in, and released with their guards") {
    {
        auto const first = outer.lock();
        auto const second = inner.lock();
        REQUIRE(lock_order::held() != 0);
    }
    REQUIRE(lock_order::held() == 0);
}

TEST_CASE("MM-7 a lock out of its order stops the machine, also when nobody holds it") {
    auto const held = inner.lock();
    REQUIRE_THROWS_AS(outer.lock(), host::MachineEnd);
}

TEST_CASE("MM-7 a second lock of one rank is taken by the order of its owners only") {
    {
        auto const held = one.lock();
        REQUIRE_THROWS_AS(another.lock(), host::MachineEnd);
    }
    for (unsigned const id : {1u, 2u, 3u})
        with_both(one, id, another, 2, [](int& a, int& b) { a = ++b; });
    REQUIRE(lock_order::held() == 0);
    // One and the same is locked once.
    with_both(one, 1, one, 1, [](int& a, int& b) { REQUIRE(&a == &b); });
}

TEST_CASE("MM-7 a guard that was moved unlocks once") {
    auto first = inner.lock();
    {
        auto const moved = std::move(first);
        REQUIRE(lock_order::held() != 0);
    }
    REQUIRE(lock_order::held() == 0);
    auto const again = inner.lock();
    REQUIRE(lock_order::held() != 0);
}

TEST_CASE("SC-5 CPUs have a lock one at a time, in the order in which they asked for it") {
    constexpr u64 interleavings = 300;
    for (u64 seed = 0; seed < interleavings; ++seed) {
        TicketLock lock;
        std::vector<u32> asked, had;  // whose turn it is alone writes here
        unsigned inside = 0, most_inside = 0, waits = 0;
        auto const use_as = [&](u32 cpu) {
            return [&, cpu] {
                for (unsigned n = 0; n < 10; ++n) {
                    host::step();
                    asked.push_back(cpu);
                    waits += lock.acquire();
                    had.push_back(cpu);
                    most_inside = std::max(most_inside, ++inside);
                    host::step();
                    --inside;
                    lock.release();
                }
            };
        };
        host::run_crew(seed, {use_as(0), use_as(1), use_as(2)});
        REQUIRE(most_inside == 1);
        REQUIRE(had == asked);
        REQUIRE(waits != 0);
        REQUIRE_FALSE(lock.held());
    }
}

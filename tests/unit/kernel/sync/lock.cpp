// SPDX-License-Identifier: MIT
#include "kernel/sync/lock.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/host/console.hpp"

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

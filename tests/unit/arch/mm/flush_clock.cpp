// SPDX-License-Identifier: MIT
#include "arch/mm/flush_clock.hpp"

#include <catch2/catch_test_macros.hpp>

TEST_CASE("TLB-2 a flush counts only when it began after the stamp") {
    CHECK(arch::flushed_since(u32{6}, u32{5}));
    CHECK_FALSE(arch::flushed_since(u32{5}, u32{5}));
    CHECK_FALSE(arch::flushed_since(u32{4}, u32{5}));
}

// A clock of four bits, as far apart as the quarter rule of tlb.cpp allows a
// CPU to fall behind: the comparison agrees with numbers that never wrap.
TEST_CASE("TLB-2 comparing flush numbers survives the clock's wrap") {
    for (unsigned clock = 0; clock < 100; ++clock)
        for (unsigned behind = 0; behind <= 7 && behind <= clock; ++behind)
            for (unsigned age = 0; age <= 7 && age <= clock; ++age) {
                unsigned const own = clock - behind, stamp = clock - age;
                // The upper four bits of a byte wrap as a 4-bit number would.
                auto const narrow = [](unsigned v) { return static_cast<u8>(v << 4); };
                CHECK(arch::flushed_since(narrow(own), narrow(stamp)) == (own > stamp));
            }
}

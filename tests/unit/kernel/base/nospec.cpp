// SPDX-License-Identifier: MIT
#include "kernel/base/nospec.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

TEST_CASE("SP-C an index is what it was inside its bounds, and 0 or the end outside of them") {
    rc::prop("any index and bound", [](u64 index, u64 bound) {
        RC_ASSERT(nospec::index(index, bound) == (index < bound ? index : 0));
        RC_ASSERT(nospec::or_end(index, bound) == (index < bound ? index : bound));
    });
    for (u64 const bound : {u64{0}, u64{1}, u64{8}, u64{1} << 40, u64{1} << 63, ~u64{0}})
        for (u64 const index : {u64{0}, bound - 1, bound, bound + 1, (u64{1} << 63) - 1,
                                (u64{1} << 63) + bound, (u64{1} << 63) + bound + 1, ~u64{0}}) {
            CHECK(nospec::index(index, bound) == (index < bound ? index : 0));
            CHECK(nospec::or_end(index, bound) == (index < bound ? index : bound));
        }
    REQUIRE(nospec::index(7, 8) == 7);
    REQUIRE(nospec::index(8, 8) == 0);
}

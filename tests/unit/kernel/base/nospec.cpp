// SPDX-License-Identifier: MIT
#include "kernel/base/nospec.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

TEST_CASE("SP-C an index is what it was inside its bounds, and 0 outside of them") {
    rc::prop("any index and bound below 2^63", [](u64 index, u64 bound) {
        index >>= 1;
        bound >>= 1;
        RC_ASSERT(nospec::index(index, bound) == (index < bound ? index : 0));
    });
    REQUIRE(nospec::index(7, 8) == 7);
    REQUIRE(nospec::index(8, 8) == 0);
    REQUIRE(nospec::index(0, 0) == 0);
}

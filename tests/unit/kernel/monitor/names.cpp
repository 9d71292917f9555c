// SPDX-License-Identifier: MIT
#include "kernel/monitor/names.hpp"

#include <catch2/catch_test_macros.hpp>

TEST_CASE("the name of a function is cut where there is no more room, and ends in no blank") {
    CHECK(monitor::function_name("mm::free(PageInfo&, int)", 80) == "mm::free(PageInfo&, int)");
    CHECK(monitor::function_name("mm::free(PageInfo&, int)", 8) == "mm::free");
    CHECK(monitor::function_name("mm::free(PageInfo&, int)", 20) == "mm::free(PageInfo&,");
    CHECK(monitor::function_name("   ", 2).empty());
}

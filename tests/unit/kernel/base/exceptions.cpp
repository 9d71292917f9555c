// SPDX-License-Identifier: MIT
#include "kernel/base/exceptions.hpp"

#include <catch2/catch_test_macros.hpp>

TEST_CASE("an exception has a name, whatever its number") {
    CHECK(exceptions::name(13) == "general protection fault");
    CHECK(exceptions::name(exceptions::page_fault) == "page fault");
    CHECK(exceptions::name(~u64{0}) == "exception");
}

TEST_CASE("a page fault tells what was tried and what was in the way") {
    CHECK(exceptions::access(0) == "read");
    CHECK(exceptions::access(2) == "written");
    CHECK(exceptions::access(0x15) == "executed");
    CHECK(exceptions::objection(6) == "not mapped");
    CHECK(exceptions::objection(7) == "not allowed there");
    CHECK(exceptions::objection(9) == "mapped by a malformed entry");
}

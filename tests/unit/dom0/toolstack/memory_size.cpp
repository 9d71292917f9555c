// SPDX-License-Identifier: MIT
#include "dom0/toolstack/memory_size.hpp"

#include <catch2/catch_test_macros.hpp>

using toolstack::parse_memory_size;

TEST_CASE("a size without a letter is in MiB") {
    CHECK(parse_memory_size("512") == 512 * 1024);
    CHECK(parse_memory_size("0") == 0);
}

TEST_CASE("a letter behind a size is its unit") {
    CHECK(parse_memory_size("524288k") == 524288);
    CHECK(parse_memory_size("512m") == 512 * 1024);
    CHECK(parse_memory_size("1G") == 1024 * 1024);
    CHECK(parse_memory_size("1t") == u64{1024} * 1024 * 1024);
}

TEST_CASE("what is no size is refused") {
    for (auto const* const text : {"", "m", "12q", "-1", "1.5g", "12 m", "99999999999", "1mm"})
        CHECK_FALSE(parse_memory_size(text));
}

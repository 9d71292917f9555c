// SPDX-License-Identifier: MIT
#include "dom0/net/netback/multicast.hpp"

#include <catch2/catch_test_macros.hpp>

using netback::MulticastFilter;

namespace {

nic::Mac group(u8 number) {
    return {{0x01, 0x00, 0x5e, 0, 0, number}};
}

}  // namespace

TEST_CASE("frames for one station and for all pass a filter of groups") {
    MulticastFilter const filter;
    REQUIRE(filter.passes({{0x00, 0x16, 0x3e, 1, 2, 3}}));
    REQUIRE(filter.passes({{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}));
    REQUIRE_FALSE(filter.passes(group(1)));
}

TEST_CASE("NB-05 the list of groups is bounded, and one that is in it needs no place") {
    MulticastFilter filter;
    for (u8 i = 0; i < MulticastFilter::most_groups; ++i)
        REQUIRE(filter.apply({group(i), true}));
    REQUIRE_FALSE(filter.apply({group(200), true}));
    REQUIRE(filter.apply({group(3), true}));
    REQUIRE(filter.apply({group(3), false}));
    REQUIRE_FALSE(filter.passes(group(3)));
    REQUIRE(filter.apply({group(200), true}));
    REQUIRE(filter.passes(group(200)));
}

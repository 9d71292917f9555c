// SPDX-License-Identifier: MIT
#include "guest-pv/apps/havoc/selection.hpp"

#include <catch2/catch_test_macros.hpp>

using havoc::Selection;

TEST_CASE("the first steps are chosen by their number") {
    auto const s = Selection::first(2);
    CHECK(s.next(0) == 0);
    CHECK(s.next(1) == 1);
    CHECK(!s.next(2));
    CHECK(!Selection::first(0).next(0));
}

TEST_CASE("a list of steps has single ones and ranges") {
    auto const s = Selection::parse("3,10-12,400");
    REQUIRE(s);
    CHECK(s->next(0) == 3);
    CHECK(s->next(4) == 10);
    CHECK(s->next(11) == 11);
    CHECK(s->next(13) == 400);
    CHECK(!s->next(401));
}

TEST_CASE("a list that is not in order is none") {
    for (auto const* const text :
         {"", "3,", "x", "3-", "5-4", "3,3", "7,2", "1-4,4", "1 2", "99999999999999999999"})
        CHECK(!Selection::parse(text));
}

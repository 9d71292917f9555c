// SPDX-License-Identifier: MIT
#include "dom0/console/type_ahead.hpp"

#include <catch2/catch_test_macros.hpp>

using console::TypeAhead;

TEST_CASE("what is typed ahead comes out in order") {
    TypeAhead typed;
    typed.append("one ");
    typed.append("two");
    CHECK(typed.waiting() == "one two");
    typed.take(4);
    typed.append(" three");
    CHECK(typed.waiting() == "two three");
    typed.take(100);
    CHECK(typed.waiting().empty());
    CHECK(typed.lost() == 0);
}

TEST_CASE("more than there is room for is lost and counted") {
    TypeAhead typed;
    typed.append(std::string(TypeAhead::capacity - 1, 'x'));
    typed.append("abc");
    CHECK(typed.waiting().ends_with("xa"));
    CHECK(typed.lost() == 2);
    CHECK(typed.lost() == 0);
    typed.take(1);
    typed.append("b");
    CHECK(typed.waiting().ends_with("xab"));
}

TEST_CASE("a paste of any length passes while it is taken") {
    TypeAhead typed;
    std::string const piece(1000, 'p');
    usize taken = 0;
    for (int i = 0; i < 10'000; ++i) {
        typed.append(piece);
        usize const part = i % 2 == 0 ? 1 : 1999;
        CHECK(typed.waiting().size() >= part);
        typed.take(part);
        taken += part;
    }
    CHECK(taken == 10'000'000);
    CHECK(typed.waiting().empty());
    CHECK(typed.lost() == 0);
}

TEST_CASE("what may not grow keeps what it has room for") {
    TypeAhead typed;
    typed.append(std::string(1000, 'a'), console::Growth::none);
    usize const kept = typed.waiting().size();
    CHECK(kept < 100);
    CHECK(typed.lost() == 1000 - kept);
    typed.append("b", console::Growth::allowed);
    CHECK(typed.waiting().ends_with("ab"));
}

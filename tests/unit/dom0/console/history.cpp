// SPDX-License-Identifier: MIT
#include "dom0/console/history.hpp"

#include <catch2/catch_test_macros.hpp>

TEST_CASE("CN-2 the history of a console is bounded and ends with the latest bytes") {
    console::History history;
    for (int i = 0; i < 10'000; ++i)
        history.append("line " + std::to_string(i) + "\n");
    CHECK(history.text().size() >= console::History::capacity / 2);
    CHECK(history.text().size() < 2 * console::History::capacity);
    CHECK(history.text().ends_with("line 9999\n"));
}

TEST_CASE("the last bytes of a history begin with a whole line") {
    console::History history;
    history.append("first\nsecond\nthird");
    CHECK(history.last(100) == "first\nsecond\nthird");
    CHECK(history.last(10) == "third");
    CHECK(history.last(3) == "ird");  // a line longer than that is cut
    CHECK(history.last(0).empty());
}

TEST_CASE("what was pushed out of a history is counted") {
    console::History history;
    history.append(std::string(2 * console::History::capacity, 'x'));
    CHECK(history.text().size() == console::History::capacity);
    CHECK(history.lost() == console::History::capacity);
}

TEST_CASE("a history that may not grow loses what it has no room for, and counts it") {
    console::History history;
    history.append(std::string(100, 'a'), console::Growth::none);
    CHECK(history.lost() == 100);
    history.append(std::string(200, 'b'));
    history.append("c", console::Growth::none);  // strings grow by more than they need, or this is lost, too
    CHECK(history.text().size() + history.lost() == 301);
    CHECK(history.text().starts_with('b'));
}

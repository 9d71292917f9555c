// SPDX-License-Identifier: MIT
#include "kernel/console/editor/history.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <deque>
#include <string>

TEST_CASE("lines come back, the last one first") {
    editor::History h;
    h.add("one");
    h.add("two");
    h.add("two");
    h.add("");
    CHECK(h.back(0).empty());
    CHECK(h.back(1) == "two");
    CHECK(h.back(2) == "one");
    CHECK(h.back(3).empty());
}

TEST_CASE("when the room is full, the oldest lines go") {
    rc::prop("against a list", [] {
        editor::History h;
        std::deque<std::string> all;
        for (usize const length : *rc::gen::container<std::vector<usize>>(rc::gen::inRange<usize>(1, 600))) {
            std::string const line(length, static_cast<char>('a' + all.size() % 26));
            h.add(line);
            all.push_front(line);
        }
        usize room = 2048;
        for (usize i = 0; i < all.size() && room > all[i].size(); ++i) {
            RC_ASSERT(h.back(i + 1) == all[i]);
            room -= all[i].size() + 1;
        }
    });
}

TEST_CASE("a line longer than the room is not kept") {
    editor::History h;
    h.add("short");
    h.add(std::string(3000, 'x'));
    CHECK(h.back(1) == "short");
}

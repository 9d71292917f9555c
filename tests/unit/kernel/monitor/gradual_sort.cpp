// SPDX-License-Identifier: MIT
#include "kernel/monitor/gradual_sort.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <functional>
#include <vector>

TEST_CASE("what is sorted bit by bit is as if it were sorted at once") {
    rc::prop("any numbers", [](std::vector<unsigned> numbers) {
        std::vector<unsigned> sorted = numbers;
        std::ranges::sort(sorted);
        monitor::GradualSort sort{std::span{numbers}, std::less<>{}};
        usize steps = 1;
        for (; sort.step(); ++steps) {
        }
        RC_ASSERT(numbers == sorted);
        RC_ASSERT(steps <= 2 * sorted.size() + 1);
    });
}

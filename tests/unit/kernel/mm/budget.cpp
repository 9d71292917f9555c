// SPDX-License-Identifier: MIT
// kernel/mm/budget: what is set aside for one domain is had by nobody else.
#include "kernel/mm/budget.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <array>
#include <vector>

#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/memory.hpp"

namespace {

void free_all(std::vector<Mfn>& frames) {
    for (Mfn const m : frames)
        mm::free_frames(m);
    frames.clear();
}

std::vector<Mfn> take_all_there_are() {
    std::vector<Mfn> taken;
    while (auto const m = mm::alloc_frames())
        taken.push_back(*m);
    return taken;
}

}  // namespace

TEST_CASE("D8 what is set aside is there when all else is taken") {
    host::power_on();
    constexpr u64 size = 5;
    mm::Budget budget;
    REQUIRE(budget.resize(size).has_value());
    auto others = take_all_there_are();
    CHECK(mm::free_frame_count() == size);
    CHECK(mm::unpromised_frame_count() == 0);
    std::vector<Mfn> own;
    for (u64 n = 0; n < size; ++n)
        own.push_back(*budget.take());
    CHECK(budget.take().error() == Errno::nomem);
    budget.give_back(own.back());
    own.pop_back();
    CHECK(mm::alloc_frames().error() == Errno::nomem);
    own.push_back(*budget.take());
    free_all(own);  // as at the end of who held them
    free_all(others);
}

TEST_CASE("D8 nobody is promised what another one was, and the end of a budget frees what it left") {
    host::power_on();
    u64 const all = mm::unpromised_frame_count();
    {
        mm::Budget one, other;
        REQUIRE(one.resize(all - 1).has_value());
        CHECK(other.resize(2).error() == Errno::nomem);
        CHECK(other.promised() == 0);
        REQUIRE(other.resize(1).has_value());
        CHECK(other.resize(2).error() == Errno::nomem);
        CHECK(other.promised() == 1);
        REQUIRE(one.resize(1).has_value());
        CHECK(mm::unpromised_frame_count() == all - 2);
        CHECK(mm::promised_frame_count() == 2);
    }
    CHECK(mm::unpromised_frame_count() == all);
    CHECK(mm::promised_frame_count() == 0);
}

TEST_CASE("D8 a budget below what is held takes nothing back, and lets nothing more be taken") {
    host::power_on();
    u64 const all = mm::free_frame_count();
    mm::Budget budget;
    REQUIRE(budget.resize(3).has_value());
    std::vector<Mfn> own{*budget.take(), *budget.take()};
    REQUIRE(budget.resize(1).has_value());
    CHECK(mm::promised_frame_count() == 0);
    CHECK(budget.take().error() == Errno::nomem);
    budget.give_back(own.back());
    own.pop_back();
    CHECK(budget.promised() == 0);
    budget.give_back(own.back());
    own.pop_back();
    CHECK(budget.promised() == 1);
    own.push_back(*budget.take());
    REQUIRE(budget.resize(4).has_value());
    CHECK(mm::promised_frame_count() == 3);
    budget.end();
    CHECK(mm::promised_frame_count() == 0);
    CHECK(budget.take().error() == Errno::nomem);
    free_all(own);
    CHECK(mm::free_frame_count() == all);
}

TEST_CASE("D8 promises are kept whatever happens") {
    host::power_on();
    rc::prop("takes, returns and changes of size", [] {
        u64 const all = mm::free_frame_count();
        std::vector<Mfn> others;
        {
            std::array<mm::Budget, 3> budgets;
            std::array<u64, 3> sizes{};
            std::array<std::vector<Mfn>, 3> held;
            for (int step = *rc::gen::inRange(0, 200); step > 0; --step) {
                auto const who = *rc::gen::inRange<usize>(0, budgets.size());
                auto& budget = budgets[who];
                u64 const used = held[who].size();
                switch (*rc::gen::inRange(0, 4)) {
                    case 0: {
                        u64 const size = *rc::gen::inRange<u64>(0, all);
                        u64 const most = mm::unpromised_frame_count() + budget.promised();
                        bool const can = size <= used + most;
                        RC_ASSERT(budget.resize(size).has_value() == can);
                        if (can)
                            sizes[who] = size;
                        break;
                    }
                    case 1: {
                        auto const m = budget.take();
                        RC_ASSERT(m.has_value() == (used < sizes[who]));
                        if (m)
                            held[who].push_back(*m);
                        break;
                    }
                    case 2:
                        if (used != 0) {
                            budget.give_back(held[who].back());
                            held[who].pop_back();
                        }
                        break;
                    default: {
                        bool const free = mm::unpromised_frame_count() != 0;
                        auto const m = mm::alloc_frames();
                        RC_ASSERT(m.has_value() == free);
                        if (m)
                            others.push_back(*m);
                    }
                }
                u64 promised = 0;
                for (usize n = 0; n < budgets.size(); ++n) {
                    u64 const rest = sizes[n] - std::min<u64>(sizes[n], held[n].size());
                    RC_ASSERT(budgets[n].promised() == rest);
                    promised += rest;
                }
                RC_ASSERT(mm::promised_frame_count() == promised);
                RC_ASSERT(mm::unpromised_frame_count() + promised == mm::free_frame_count());
            }
            for (auto& frames : held)
                free_all(frames);
        }
        free_all(others);
        RC_ASSERT(mm::unpromised_frame_count() == all);
    });
}

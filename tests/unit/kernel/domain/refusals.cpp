// SPDX-License-Identifier: MIT
#include "kernel/domain/refusals.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

namespace {

std::vector<Refusal> all(Refusals const& r) {
    std::vector<Refusal> v;
    r.for_each([&](Refusal const& one) { v.push_back(one); });
    return v;
}

}  // namespace

TEST_CASE("a vcpu that was refused nothing has no refusals") {
    CHECK(all(Refusals{}).empty());
}

TEST_CASE("refusals are told oldest first, with their arguments") {
    Refusals r;
    r.note("mmu_update", Errno::inval, 0x1000, 1);
    r.note("sched_op", Errno::nosys, 7, 0);
    auto const told = all(r);
    REQUIRE(told.size() == 2);
    CHECK(told[0].call == "mmu_update");
    CHECK(told[0].why == Errno::inval);
    CHECK(told[0].first == 0x1000);
    CHECK(told[1].call == "sched_op");
    CHECK(told[1].second == 0);
}

TEST_CASE("the same refusal again is counted, with its latest arguments") {
    Refusals r;
    for (u64 vcpu = 0; vcpu < 8191; ++vcpu)
        r.note("vcpu_op", Errno::noent, 3, vcpu);
    r.note("vcpu_op", Errno::inval, 1, 0);
    auto const told = all(r);
    REQUIRE(told.size() == 2);
    CHECK(told[0].times == 8191);
    CHECK(told[0].second == 8190);
    CHECK(told[1].times == 1);
}

TEST_CASE("only the last eight refusals are kept") {
    Refusals r;
    for (u64 i = 0; i < 20; ++i)
        r.note(i % 2 == 0 ? "even" : "odd", Errno::inval, i, 0);
    auto const told = all(r);
    REQUIRE(told.size() == 8);
    CHECK(told.front().first == 12);
    CHECK(told.back().first == 19);
}

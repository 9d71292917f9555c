// SPDX-License-Identifier: MIT
// kernel/profile/sample_table: what is noted is counted, and nothing of an earlier run.
#include "kernel/profile/sample_table.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <map>
#include <memory>

using profile::Place;
using profile::SampleTable;

namespace {

std::map<std::pair<u32, u64>, u64> read(SampleTable const& t, u32 run) {
    std::map<std::pair<u32, u64>, u64> all;
    t.for_each(run, 0, SampleTable::slots, [&](Place const& p, u32 n) { all[{p.who, p.address}] += n; });
    return all;
}

}  // namespace

TEST_CASE("every sample is counted at its place") {
    rc::prop("as a map would", [](std::vector<std::pair<u8, u8>> const& samples) {
        auto const table = std::make_unique<SampleTable>();
        std::map<std::pair<u32, u64>, u64> expected;
        for (auto const& [who, address] : samples) {
            table->add(1, {who, address * u64{64}});
            ++expected[{who, address * u64{64}}];
        }
        RC_ASSERT(read(*table, 1) == expected);
    });
}

TEST_CASE("a new run begins without what the one before has left") {
    auto const table = std::make_unique<SampleTable>();
    table->add(1, {7, 0x1000});
    table->add(2, {8, 0x2000});
    CHECK(read(*table, 1).empty());
    CHECK(read(*table, 2) == std::map<std::pair<u32, u64>, u64>{{{8, 0x2000}, 1}});
}

TEST_CASE("places without room are counted, none twice") {
    auto const table = std::make_unique<SampleTable>();
    constexpr u32 places = 2 * SampleTable::slots;
    for (u32 i = 0; i < places; ++i)
        table->add(1, {1, i * u64{16}});
    auto const all = read(*table, 1);
    CHECK(all.size() + table->crowded(1) == places);
    CHECK(all.size() > SampleTable::slots * 9 / 10);
    CHECK(table->crowded(2) == 0);
}

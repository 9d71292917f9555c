// SPDX-License-Identifier: MIT
// kernel/sync/rcu: what a reader has found stays until it is through.
#include "kernel/sync/rcu.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <atomic>

#include "tests/host/crew.hpp"

namespace {

constexpr u64 interleavings = 500;

struct Thing {
    std::atomic<bool> freed{false};
};

}  // namespace

TEST_CASE("LC-1 nothing that a reader found is freed before the reader is through") {
    for (u64 seed = 0; seed < interleavings; ++seed) {
        std::array<Thing, 4> things;
        std::atomic<Thing*> current{&things[0]};
        std::atomic<unsigned> misses{0};
        auto const read = [&] {
            for (int i = 0; i < 5; ++i) {
                host::step();
                RcuReader const reading;
                host::step();
                Thing const* const found = current.load();
                for (int use = 0; use < 3; ++use) {
                    host::step();
                    misses += found->freed.load();
                }
            }
        };
        auto const replace = [&] {
            for (usize i = 1; i < things.size(); ++i) {
                host::step();
                Thing* const old = current.exchange(&things[i]);
                rcu::synchronize();
                old->freed = true;
            }
        };
        host::run_crew(seed, {read, replace, read});
        REQUIRE(misses.load() == 0);
    }
}

TEST_CASE("SC-5 whoever replaces something does not wait for readers that come later") {
    for (u64 seed = 0; seed < interleavings; ++seed) {
        std::atomic<bool> replaced{false};
        auto const read_all_the_time = [&] {
            while (!replaced.load()) {
                RcuReader const reading;
                host::step();
            }
        };
        auto const replace = [&] {
            host::step();
            rcu::synchronize();
            replaced = true;
        };
        host::run_crew(seed, {read_all_the_time, replace, read_all_the_time});
        REQUIRE(replaced.load());
    }
}

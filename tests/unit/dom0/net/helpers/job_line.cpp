// SPDX-License-Identifier: MIT
// From one virtual CPU to another: everything arrives, once and in order, and
// nobody sleeps beside work.
#include "dom0/net/helpers/job_line.hpp"

#include <catch2/catch_test_macros.hpp>

#include <thread>
#include <vector>

#include "tests/host/crew.hpp"

using Line = helpers::JobLine<u32>;

TEST_CASE("jobs are taken in the order in which they were given") {
    Line line;
    std::array<u32, 3> jobs{};
    for (u32& job : jobs)
        REQUIRE(line.give(job));
    for (u32& job : jobs)
        REQUIRE(line.take() == &job);
    REQUIRE(line.take() == nullptr);
}

TEST_CASE("a full line takes no more until one is taken") {
    Line line;
    u32 job = 0;
    for (u32 i = 0; i < Line::size; ++i)
        REQUIRE(line.give(job));
    REQUIRE_FALSE(line.give(job));
    REQUIRE(line.take() != nullptr);
    REQUIRE(line.give(job));
}

TEST_CASE("who takes is woken when it sleeps, once, and not otherwise") {
    Line line;
    u32 job = 0;
    REQUIRE(line.give(job));
    REQUIRE_FALSE(line.must_wake());
    REQUIRE_FALSE(line.may_sleep());
    REQUIRE(line.take() == &job);
    REQUIRE(line.may_sleep());
    REQUIRE(line.give(job));
    REQUIRE(line.must_wake());
    REQUIRE(line.give(job));
    REQUIRE_FALSE(line.must_wake());
}

TEST_CASE("nobody sleeps beside work, whoever comes in between") {
    constexpr u32 count = 20;
    for (u64 seed = 0; seed < 500; ++seed) {
        Line line;
        std::vector<u32> jobs(count);
        bool event = false;
        u32 taken = 0;
        // A sleeper that is not woken would wait for ever: the crew stops then.
        auto const take = [&] {
            while (taken < count) {
                host::step();
                if (u32* const job = line.take()) {
                    REQUIRE(job == &jobs[taken]);
                    ++taken;
                    continue;
                }
                event = false;
                host::step();
                if (line.may_sleep())
                    while (!event)
                        host::step();
            }
        };
        auto const give = [&] {
            for (u32& job : jobs) {
                REQUIRE(line.give(job));
                host::step();
                event = line.must_wake() || event;
                host::step();
            }
        };
        host::run_crew(seed, {take, give});
        REQUIRE(taken == count);
    }
}

TEST_CASE("two processors lose no job and see what was written before it was given") {
    constexpr u32 count = 50'000;
    Line line;
    std::vector<u32> jobs(count);
    std::atomic<bool> event = false;
    u64 sum = 0;
    std::thread taker{[&] {
        for (u32 taken = 0; taken < count;) {
            if (u32 const* const job = line.take()) {
                sum += *job;
                ++taken;
                continue;
            }
            event = false;
            if (line.may_sleep())
                while (!event)
                    std::this_thread::yield();
        }
    }};
    u64 expected = 0;
    for (u32 i = 0; i < count; ++i) {
        jobs[i] = i;
        expected += i;
        while (!line.give(jobs[i]))
            std::this_thread::yield();
        if (line.must_wake())
            event = true;
    }
    taker.join();
    REQUIRE(sum == expected);
}

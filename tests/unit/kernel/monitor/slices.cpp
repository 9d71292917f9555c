// SPDX-License-Identifier: MIT
// Commands in slices: the same answers, whatever becomes of the machine in between.
#include "kernel/monitor/slices.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/domain/channel_ops.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/monitor/command.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"

namespace {

using monitor::questions::Asker;

std::array<std::string, monitor::questions::askers> heard;

template <Asker asker>
void hear(monitor::Answer a) {
    heard[static_cast<usize>(asker)] += a.text();
}

std::string const& heard_by(Asker asker) {
    return heard[static_cast<usize>(asker)];
}

// With so slow a machine that each look at the clock ends a slice.
void power_on_slowly() {
    host::power_on();
    heard = {};
    host::cpu().look_at_clock = 50'000;
}

void go_on() {
    host::cpu().now += 1'000'000;
    timers::run_expired();
    Deferred::run_all();
}

// How many slices it took, between which `meanwhile` runs.
unsigned answer(
    std::string_view line, std::function<void()> const& meanwhile = [] {}) {
    monitor::slices::begin(Asker::terminal, line, hear<Asker::terminal>);
    unsigned slices = 1;
    for (; heard_by(Asker::terminal).empty(); ++slices) {
        meanwhile();
        go_on();
    }
    return slices;
}

// Of two guests that have to do with each other.
struct Machine {
    std::unique_ptr<host::TestDomain> one = std::make_unique<host::TestDomain>(u16{1});
    std::unique_ptr<host::TestDomain> two = std::make_unique<host::TestDomain>(u16{2});

    Machine() {
        for (unsigned i = 0; i < 20; ++i)
            REQUIRE(
                evtchn::bind_interdomain(**two, **one, *evtchn::alloc_unbound(**one, DomId{2})).has_value());
        REQUIRE((*one)->grants.lock()->grow(1, (*one)->memory).has_value());
        auto* const entry = machine::frame_as<grant_entry_v1_t>((*one)->grants.lock()->frame(0));
        entry[8] = entry[300] = {GTF_permit_access, 2, 1};
    }
};

bool contains(std::string_view s, std::string_view part) {
    return s.find(part) != s.npos;
}

}  // namespace

TEST_CASE("an answer in slices is that in one go") {
    for (auto const* const line : {"help", "domains", "frames", "grants", "maptrack", "evtchn", "links",
                                   "runq", "irqs", "cpus", "hypercalls", "dmesg", "regs", "domains -j"}) {
        Machine const machine;
        host::power_on();
        std::string const whole{host::ask_monitor(line).text()};
        power_on_slowly();
        answer(line);
        INFO(line);
        std::string_view const in_slices = heard_by(Asker::terminal);
        // A closing line of JSON tells when it was asked.
        CHECK(in_slices.substr(0, in_slices.find("\"at\"")) == whole.substr(0, whole.find("\"at\"")));
    }
}

TEST_CASE("what goes over the whole machine lets others run in between") {
    Machine const machine;
    for (auto const* const line : {"domains", "frames", "grants", "evtchn", "links", "help"}) {
        power_on_slowly();
        CHECK(answer(line) >= 3);
    }
    power_on_slowly();
    CHECK(answer("version") == 1);
    CHECK(answer("domans") == 1);
}

TEST_CASE("a domain may end while a command is at it") {
    for (auto const* const line : {"domains", "vcpus", "grants", "maptrack", "evtchn", "links", "frames"})
        for (unsigned ends_after = 1; ends_after < 12; ++ends_after) {
            Machine machine;
            power_on_slowly();
            unsigned slices = 0;
            answer(line, [&] {
                if (++slices == ends_after)
                    machine.two.reset();
            });
            INFO(line);
            CHECK_FALSE(contains(heard_by(Asker::terminal), "error"));
        }
}

TEST_CASE("two who ask get their slices in turn") {
    Machine const machine;
    power_on_slowly();
    monitor::slices::begin(Asker::terminal, "audit", hear<Asker::terminal>);
    monitor::slices::begin(Asker::program, "domains", hear<Asker::program>);
    while (heard_by(Asker::program).empty())
        go_on();
    CHECK(heard_by(Asker::terminal).empty());
    while (heard_by(Asker::terminal).empty())
        go_on();
    CHECK(contains(heard_by(Asker::terminal), "audit: ok"));
}

TEST_CASE("who does not wait any more gets what there is, and the rest is not worked out") {
    Machine const machine;
    power_on_slowly();
    u64 const free_before = mm::free_frame_count();
    monitor::slices::begin(Asker::terminal, "audit", hear<Asker::terminal>);
    go_on();
    CHECK(mm::free_frame_count() < free_before);
    monitor::slices::withdraw(Asker::terminal);
    CHECK(mm::free_frame_count() == free_before);
    CHECK(heard_by(Asker::terminal).empty());
    monitor::slices::withdraw(Asker::terminal);
    answer("version");
    CHECK(contains(heard_by(Asker::terminal), "GRANITE"));
}

TEST_CASE("-v tells of any command what it has cost") {
    power_on_slowly();
    answer("help -v");
    CHECK(contains(heard_by(Asker::terminal), " steps, together "));
}

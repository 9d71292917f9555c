// SPDX-License-Identifier: MIT
#include "kernel/monitor/kill_plan.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "kernel/domain/lifecycle.hpp"
#include "kernel/monitor/faults.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"

namespace {

constexpr Nanos ms = 1'000'000;

std::string ask(std::string_view command) {
    return std::string{host::ask_monitor(command).text()};
}

bool lives(host::TestDomain const& d) {
    return d->life.load() == Domain::Life::running;
}

void pass(Nanos span) {
    for (Nanos const end = host::cpu().now + span; host::cpu().now < end; host::cpu().now += ms / 10) {
        timers::run_expired();
        Deferred::run_all();
    }
}

}  // namespace

TEST_CASE("nobody is ended by the monitor unless the machine was started for that") {
    host::power_on();
    host::TestDomain const victim{1};
    CHECK(ask("kill 1 1000").find("error: faults are made only on") != std::string::npos);
    pass(10 * ms);
    CHECK(lives(victim));
}

TEST_CASE("a domain is ended so long after it is seen to run, and again when it is back") {
    host::power_on();
    monitor::allow_faults();
    for (unsigned end = 0; end < 2; ++end) {
        host::TestDomain const victim{1};
        if (end == 0)
            CHECK(ask("kill d1 10000 2").empty());
        pass(9 * ms);
        CHECK(lives(victim));
        pass(12 * ms);
        CHECK_FALSE(lives(victim));
        CHECK(victim->shutdown_code.load() == SHUTDOWN_crash);
        CHECK(monitor::kill_plan::current().progress().done == end + 1);
    }
    host::TestDomain const third{1};
    pass(50 * ms);
    CHECK(lives(third));
}

TEST_CASE("a plan that is ended ends nobody, nor does one against the initial domain begin") {
    host::power_on();
    monitor::allow_faults();
    host::TestDomain const initial{0}, victim{1};
    CHECK(ask("kill 1 1000 5").empty());
    CHECK(ask("kill off").empty());
    CHECK(ask("kill 0 1000").find("error: nothing runs without") != std::string::npos);
    CHECK(ask("kill 1 0").find("error: kill DOM AFTER_US") != std::string::npos);
    pass(10 * ms);
    CHECK(lives(victim));
    CHECK(lives(initial));
}

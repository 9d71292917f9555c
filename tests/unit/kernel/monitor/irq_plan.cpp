// SPDX-License-Identifier: MIT
#include "kernel/monitor/irq_plan.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "kernel/domain/channel_ops.hpp"
#include "kernel/domain/events.hpp"
#include "kernel/machine/irq.hpp"
#include "kernel/monitor/faults.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/irq.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"

namespace {

constexpr Nanos us = 1'000;
constexpr u32 message = 9;  // the host's lines are level-triggered from 16 on
constexpr u32 wire = 17;

std::string ask(std::string_view command) {
    return std::string{host::ask_monitor(command).text()};
}

// A domain with a device of its own.
struct Driver {
    host::TestDomain domain;
    u32 pirq;
    EvtchnPort port;

    explicit Driver(u16 id, u32 line = message) : domain{id, {true, true, true}}, pirq{line} {
        REQUIRE(machine::map_gsi(pirq, domain->id).has_value());
        port = *evtchn::bind_pirq(*domain, pirq, true);
    }
    ~Driver() {
        CHECK(evtchn::close(*domain, port).has_value());
        machine::unmap_pirqs_of(domain->id);
    }
    Driver(Driver const&) = delete;
    Driver& operator=(Driver const&) = delete;

    // Whether an event has come since it was last asked.
    bool hears() {
        bool const pending = evtchn::pending(*domain, port);
        evtchn::clear_pending(*domain, port);
        return pending;
    }
    bool interrupt() {
        evtchn::raise_pirq(pirq);
        return hears();
    }
};

unsigned heard_of(Driver& driver, unsigned interrupts) {
    unsigned heard = 0;
    for (unsigned i = 0; i < interrupts; ++i)
        heard += driver.interrupt() ? 1 : 0;
    return heard;
}

// How often the domain was called meanwhile.
unsigned pass(Driver& driver, Nanos span) {
    unsigned heard = 0;
    for (Nanos const end = host::cpu().now + span; host::cpu().now < end; host::cpu().now += us) {
        timers::run_expired();
        Deferred::run_all();
        heard += driver.hears() ? 1 : 0;
    }
    return heard;
}

}  // namespace

TEST_CASE("no interrupt goes wrong unless the machine was started for that") {
    host::power_on();
    Driver driver{1};
    CHECK(ask("failirq 1 lose 1 100").find("error: faults are made only on") != std::string::npos);
    CHECK(heard_of(driver, 10) == 10);
}

TEST_CASE("every n-th interrupt of a domain is lost until so many are, and none of others") {
    host::power_on();
    monitor::allow_faults();
    Driver driver{1}, other{2, 10};
    CHECK(ask("failirq d1 lose 3 4").empty());
    CHECK(heard_of(other, 20) == 20);
    CHECK(heard_of(driver, 6) == 4);
    CHECK(ask("failirq").ends_with("     1 lose           3       4       2\n"));
    CHECK(heard_of(driver, 20) == 18);
    CHECK(monitor::irq_plan::current().progress().done == 4);
}

TEST_CASE("what stays masked until it was handled is not lost, as it would never come again") {
    host::power_on();
    monitor::allow_faults();
    Driver driver{1, wire};
    CHECK(ask("failirq 1 lose 1 100").empty());
    CHECK(heard_of(driver, 10) == 10);
}

TEST_CASE("a domain is interrupted for nothing so often, and no other one is") {
    host::power_on();
    monitor::allow_faults();
    Driver driver{1}, other{2, 10};
    CHECK(ask("failirq 1 raise 50 7").empty());
    CHECK(pass(driver, 120 * us) == 3);  // one at once
    CHECK(ask("failirq").ends_with("     1 raise         50       7       3\n"));
    CHECK(pass(driver, 1000 * us) == 4);
    CHECK_FALSE(other.hears());
}

TEST_CASE("a domain that is made again meanwhile is waited for") {
    host::power_on();
    monitor::allow_faults();
    {
        Driver first{1};
        CHECK(ask("failirq 1 raise 50 4").empty());
        CHECK(pass(first, 20 * us) == 1);
    }
    Driver other{2, 10};
    CHECK(pass(other, 1000 * us) == 0);
    CHECK(monitor::irq_plan::current().progress().done == 1);
    Driver second{1};
    CHECK(pass(second, 1000 * us) == 3);
}

TEST_CASE("a plan that is ended, or that another replaces, does nothing any more") {
    host::power_on();
    monitor::allow_faults();
    Driver driver{1};
    CHECK(ask("failirq 1 lose 2 100").empty());
    CHECK(heard_of(driver, 4) == 2);
    CHECK(ask("failirq off").empty());
    CHECK(heard_of(driver, 4) == 4);
    CHECK(ask("failirq").ends_with("     1 lose           2       2       2\n"));
    CHECK(ask("failirq 1 lose 1 100").empty());
    CHECK(ask("failirq 1 raise 50 100").empty());
    CHECK(driver.interrupt());
    CHECK(pass(driver, 60 * us) == 2);
    CHECK(ask("failirq off").empty());
    CHECK(pass(driver, 200 * us) == 0);
}

TEST_CASE("a fault that makes no sense is refused with its usage") {
    host::power_on();
    monitor::allow_faults();
    Driver const driver{1};
    for (auto const* line : {"failirq 1", "failirq 1 lose", "failirq 1 lose 0", "failirq 1 lose 3 x",
                             "failirq 1 break 3", "failirq 1 raise 9"})
        CHECK(ask(line).find("error: failirq DOM lose N [TIMES], or DOM raise US") != std::string::npos);
    CHECK(ask("failirq 7 lose 1").find("error: ") != std::string::npos);
}

// SPDX-License-Identifier: MIT
// kernel/sched/timer: what is due runs once and in order, whatever was armed,
// moved or cancelled before.
#include "kernel/sched/timer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/host/cpu.hpp"

namespace {

std::vector<Timer*> fired;

void note(Timer& t, void*) {
    fired.push_back(&t);
}

Timer noted() {
    return Timer{.fn = note};
}

void advance(Nanos to) {
    host::cpu().now = to;
    if (host::cpu().timer_fires())
        timers::run_expired();
}

struct Fresh {
    Fresh() {
        host::reset_cpu();
        fired.clear();
        timers::set_slice_end(machine::timer_off);
        timers::run_expired();  // a deadline of the test before may still be set
    }
};

}  // namespace

TEST_CASE("the hardware is set to the nearest deadline") {
    Fresh const fresh;
    auto a = noted(), b = noted();
    timers::arm(a, 500);
    CHECK(host::cpu().timer == 500);
    timers::arm(b, 200);
    CHECK(host::cpu().timer == 200);
    timers::cancel(a);
    timers::cancel(b);
}

TEST_CASE("the hardware is not set anew for a deadline that moves away, until it fires") {
    Fresh const fresh;
    auto a = noted(), b = noted();
    timers::arm(a, 500);
    timers::arm(b, 200);
    timers::cancel(b);
    CHECK(host::cpu().timer == 200);
    advance(200);
    CHECK(fired.empty());
    CHECK(host::cpu().timer == 500);
    timers::cancel(a);
    advance(500);
    CHECK(fired.empty());
    CHECK(host::cpu().timer == machine::timer_off);
}

TEST_CASE("a timer that is armed again moves") {
    Fresh const fresh;
    auto a = noted();
    timers::arm(a, 500);
    timers::arm(a, 900);
    advance(600);
    CHECK(fired.empty());
    advance(900);
    CHECK(fired == std::vector{&a});
    CHECK_FALSE(timers::armed(a));
}

TEST_CASE("SC-1 a deadline in the past fires once") {
    Fresh const fresh;
    auto a = noted();
    for (Nanos const deadline : {Nanos{0}, Nanos{1}, Nanos{999}, Nanos{1000}}) {
        fired.clear();
        host::cpu().now = 1000;
        timers::arm(a, deadline);
        CHECK(host::cpu().timer <= 1000);
        advance(1000);
        advance(1001);
        CHECK(fired.size() == 1);
    }
}

TEST_CASE("SC-1 a deadline at the end of time never fires") {
    Fresh const fresh;
    auto a = noted();
    timers::arm(a, INT64_MAX);
    advance(INT64_MAX - 1);
    CHECK(fired.empty());
    timers::cancel(a);
}

TEST_CASE("a timer armed by its own function waits for the next interrupt") {
    Fresh const fresh;
    static int runs = 0;
    runs = 0;
    Timer again{.fn = [](Timer& t, void*) {
        ++runs;
        timers::arm(t, host::cpu().now + 10);
    }};
    timers::arm(again, 100);
    advance(100);
    CHECK(runs == 1);
    CHECK(host::cpu().timer == 110);
    advance(110);
    CHECK(runs == 2);
    timers::cancel(again);
}

TEST_CASE("the end of a slice is reported once") {
    Fresh const fresh;
    timers::set_slice_end(100);
    CHECK(host::cpu().timer == 100);
    host::cpu().now = 99;
    CHECK_FALSE(timers::run_expired());
    host::cpu().now = 100;
    CHECK(host::cpu().timer_fires());
    CHECK(timers::run_expired());
    CHECK_FALSE(timers::run_expired());
}

TEST_CASE("SC-4 timers fire in order and never twice") {
    rc::prop("any sequence of arming, cancelling and waiting", [] {
        Fresh const fresh;
        std::vector<Timer> pool(20);
        for (auto& t : pool)
            t.fn = note;
        std::map<Timer*, Nanos> armed;
        for (int step = *rc::gen::inRange(0, 300); step > 0; --step) {
            Timer& t = pool[*rc::gen::inRange<usize>(0, pool.size())];
            switch (*rc::gen::inRange(0, 4)) {
                case 0:
                    timers::cancel(t);
                    armed.erase(&t);
                    break;
                case 1: {
                    Nanos const to = host::cpu().now + *rc::gen::inRange<Nanos>(0, 200);
                    fired.clear();
                    advance(to);
                    Nanos last = INT64_MIN;
                    for (Timer* const f : fired) {
                        RC_ASSERT(armed.contains(f));
                        RC_ASSERT(armed[f] >= last);
                        last = armed[f];
                        RC_ASSERT(last <= to);
                        armed.erase(f);
                    }
                    for (auto const& [left, deadline] : armed)
                        RC_ASSERT(deadline > to);
                    break;
                }
                default: {
                    Nanos const deadline = host::cpu().now + *rc::gen::inRange<Nanos>(-50, 300);
                    timers::arm(t, deadline);
                    armed[&t] = deadline;
                }
            }
            for (auto& each : pool)
                RC_ASSERT(timers::armed(each) == armed.contains(&each));
            Nanos next = machine::timer_off;
            for (auto const& [left, deadline] : armed)
                next = std::min(next, deadline);
            RC_ASSERT(host::cpu().timer <= next);
        }
        for (auto& t : pool)
            timers::cancel(t);
    });
}

// SPDX-License-Identifier: MIT
#include "kernel/monitor/serial.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <string>
#include <utility>

#include "kernel/console/editor/keys.hpp"
#include "kernel/console/input.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "tests/host/console.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"

namespace {

constexpr Nanos ms = 1'000'000;

bool contains(std::string_view s, std::string_view part) {
    return s.find(part) != std::string_view::npos;
}

// What is said until nothing more comes.
std::string said() {
    for (usize before = ~usize{0}; before != host::serial_line().size();) {
        before = host::serial_line().size();
        Deferred::run_all();
        host::cpu().now += ms;
        timers::run_expired();
    }
    return std::exchange(host::serial_line(), {});
}

std::string type(std::string_view keys) {
    for (char const c : keys)
        monitor::serial_input(c);
    return said();
}

// Moves the input to the monitor; `terminal`: what it answers to the question for its size.
std::string come(std::string_view terminal) {
    host::power_on();
    console::set_listeners({.focus_changed = monitor::serial_focus});
    console::set_focus(console::Focus::driver_domain);
    host::serial_line().clear();
    console::set_focus(console::Focus::monitor);
    std::string const greeting = said();
    return greeting + type(terminal);
}

constexpr std::string_view small_screen = "\x1b[10;200R";
constexpr std::string_view no_screen = "";
constexpr std::string_view more = "--more--";
constexpr std::string_view clock_table = "SYSTEM_NS";  // what `time` answers

usize lines(std::string_view s) {
    return static_cast<usize>(std::ranges::count(s, '\n'));
}

}  // namespace

TEST_CASE("who comes to the monitor gets a prompt and is asked how large the screen is") {
    std::string const greeting = come(no_screen);
    CHECK(contains(greeting, editor::ask_screen_size));
    CHECK(greeting.ends_with("gr> "));
}

TEST_CASE("a line is edited, completed and run, and comes back") {
    come(no_screen);
    host::TestDomain guest{3};
    guest->set_name("web");
    CHECK(contains(type("vcp\tw\t\r"), "vcpus web"));
    CHECK(contains(type("ime\x01t\r"), clock_table));
    CHECK(contains(type("\x1b[A\x1b[A"), "gr> vcpus web "));
    CHECK(contains(type("\x15nothing\r"), "no command 'nothing'"));
}

TEST_CASE("a program that plays a terminal gets long answers without a stop") {
    come(no_screen);
    std::string const answer = type("help\r");
    CHECK(lines(answer) > 20);
    CHECK_FALSE(contains(answer, more));
}

TEST_CASE("a person gets long answers page by page, and the rest by one key") {
    come(small_screen);
    std::string const first = type("help\r");
    CHECK(lines(first) == 1 + 9);  // the command itself scrolls out
    CHECK(contains(first, more));
    CHECK(lines(type("\r")) == 1);
    CHECK(lines(type(" ")) == 9);
    CHECK(type("x").empty());
    std::string const end = type("q");
    CHECK(lines(end) == 0);
    CHECK(end.ends_with("gr> "));
    CHECK_FALSE(contains(type("time\r"), more));
}

TEST_CASE("a row that is wider than the screen counts as several") {
    come("\x1b[10;20R");
    CHECK(lines(type("help\r")) < 1 + 9);
}

TEST_CASE("keys typed ahead turn the pages that are still to come") {
    come(small_screen);
    CHECK(contains(type("help\rqtime\r"), clock_table));
}

TEST_CASE("a page that nobody turns holds the answer for a minute, not longer") {
    come(small_screen);
    CHECK(contains(type("help\r"), more));
    u64 const free_before = mm::free_frame_count();
    host::cpu().now += 61'000 * ms;
    timers::run_expired();
    std::string const end = said();
    CHECK(contains(end, "nobody turned the page"));
    CHECK(end.ends_with("gr> "));
    CHECK(mm::free_frame_count() > free_before);
}

TEST_CASE("who leaves in the middle of an answer leaves no page behind") {
    come(small_screen);
    type("help\r");
    console::set_focus(console::Focus::driver_domain);
    CHECK_FALSE(contains(said(), more));
    come(no_screen);
    CHECK_FALSE(contains(type("help\r"), more));
}

TEST_CASE("Ctrl-c ends an answer and the line") {
    come(small_screen);
    type("help\r");
    CHECK(type("\x03").ends_with("gr> "));
    CHECK(contains(type("garbage\x03time\r"), clock_table));
}

TEST_CASE("Ctrl-c ends a command that is still at work, and its memory is free again") {
    come(no_screen);
    u64 const free_before = mm::free_frame_count();
    for (char const c : std::string_view{"audit\r"})
        monitor::serial_input(c);
    Deferred::run_all();
    CHECK(mm::free_frame_count() < free_before);
    std::string const then = type("\x03time\r");
    CHECK(contains(then, clock_table));
    CHECK_FALSE(contains(then, "audit: ok"));
    CHECK(mm::free_frame_count() == free_before);
}

TEST_CASE("several debug keys at once are answered one after the other, in full") {
    come(no_screen);
    for (char const key : {'t', 'h', 'q'})
        monitor::debug_key(key);
    std::string const all = said();
    CHECK(all.find(clock_table) < all.find("COMMAND "));
    CHECK(all.find("any command with -j") < all.find("ID NAME"));
}

TEST_CASE("debug keys are answered, one that takes its time as well") {
    come(small_screen);
    monitor::debug_key('t');
    CHECK(contains(said(), clock_table));
    monitor::debug_key('b');
    std::string all;
    for (unsigned i = 0; i < 2000 && !contains(all, "audit: ok"); ++i)
        all += said();
    CHECK(contains(all, "audit: ok"));
    monitor::debug_key('\x01');
    CHECK(contains(said(), "no debug key '?'"));
}

TEST_CASE("a screen of no size at all is none") {
    come("\x1b[0;0R");
    CHECK_FALSE(contains(type("help\r"), more));
}

TEST_CASE("Ctrl-c ends a key that never came whole") {
    type("\x1b");
    CHECK(contains(type("\x03time\r"), clock_table));
}

TEST_CASE("whatever is typed, the monitor answers afterwards") {
    rc::prop("any bytes", [](std::string const& s) {
        if (contains(s, "panic") || contains(s, "C"))
            return;
        come(small_screen);
        type(s);
        RC_ASSERT(contains(type("\x03time\r"), clock_table));
    });
}

// SPDX-License-Identifier: MIT
#include "kernel/monitor/programs.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <string>

#include "kernel/sched/timer.hpp"
#include "kernel/sync/deferred.hpp"
#include "tests/host/console.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/monitor.hpp"

namespace {

void type(std::string_view s) {
    for (char const c : s)
        monitor::question_input(c);
}

// All that is said until nothing more comes.
std::string answers() {
    for (usize before = ~usize{0}; before != host::serial_line().size();) {
        before = host::serial_line().size();
        Deferred::run_all();
        host::cpu().now += 1'000'000;
        timers::run_expired();
    }
    return std::exchange(host::serial_line(), {});
}

std::string ask(std::string_view s) {
    host::power_on();
    host::serial_line().clear();
    type(s);
    return answers();
}

usize count(std::string_view text, std::string_view part) {
    usize n = 0;
    for (usize at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

}  // namespace

TEST_CASE(
    "every line of an answer carries the question's mark and tag, and a last one says that it is over") {
    host::TestDomain guest{3};
    guest->set_name("web");
    std::string const text = ask("x7 domains\r");
    CHECK(text.starts_with("\xfex7    ID NAME "));
    CHECK(text.find("\r\n\xfex7     3 web ") != text.npos);
    CHECK(text.ends_with("\r\n\xfex7\r\n"));
    CHECK(count(text, "\xfex7") == count(text, "\r\n"));
}

TEST_CASE("a long answer comes in pieces, whole") {
    std::string const direct{host::ask_monitor("help").text()};
    std::string const text = ask("a help\r");
    CHECK(direct.size() > 1000);
    CHECK(count(text,
                "\xfe"
                "a ") == count(direct, "\n"));
}

TEST_CASE("questions that come together are answered one after the other") {
    std::string const text = ask("a version\rb time\r");
    CHECK(text.find("\xfe"
                    "b ") > text.find("\xfe"
                                      "a\r\n"));
    CHECK(
        text.ends_with("\xfe"
                       "b\r\n"));
}

TEST_CASE("more questions than there is room for are refused, not kept") {
    std::string const text = ask("a time\rb time\rc time\rd time\re time -j\r");
    CHECK(
        text.starts_with("\xfe"
                         "e \x1e{\"error\":\"other programs' questions wait already: ask again\"}\r\n"));
    for (std::string const tag : {"a", "b", "c", "d", "e"})
        CHECK(count(text, "\xfe" + tag + "\r\n") == 1);
}

TEST_CASE("a question too long is refused") {
    CHECK(ask("a " + std::string(500, 'x') + "\r") ==
          "\xfe"
          "a error: the question is too long\r\n\xfe"
          "a\r\n");
}

TEST_CASE("what is no question has no answer") {
    CHECK(ask("\r").empty());
    CHECK(ask("domains\r").empty());
    CHECK(ask("atagthatistoolong domains\r").empty());
}

TEST_CASE("any bytes leave the next question its answer") {
    rc::prop("any bytes", [](std::string const& s) {
        if (s.find("panic") != s.npos)
            return;
        ask(s + "\r");
        RC_ASSERT(ask("z time\r").ends_with("\xfez\r\n"));
    });
}

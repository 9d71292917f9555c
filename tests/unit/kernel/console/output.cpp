// SPDX-License-Identifier: MIT
#include "kernel/console/output.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "kernel/base/log.hpp"
#include "tests/host/console.hpp"

namespace {

using console::Speaker;

struct Line {
    Line() {
        console::end_lines();
        console::clear_dmesg();
        host::serial_line().clear();
    }
    [[nodiscard]] std::string said() const { return host::serial_line(); }
};

std::string dmesg() {
    std::string all(console::Dmesg::capacity, '\0');
    all.resize(console::read_dmesg(0, all).count);
    return all;
}

}  // namespace

TEST_CASE("each line says whose it is") {
    Line const line;
    log("count {}", 3u);
    console::domain_line(DomId{7}, "hello");
    CHECK(line.said() == "(GR) count 3\r\n(d7) hello\r\n");
}

TEST_CASE("an unfinished line comes back after others have spoken") {
    Line const line;
    console::raw(Speaker::driver_domain, "prompt> ab");
    log("news");
    console::raw(Speaker::driver_domain, "c\n");
    CHECK(line.said() == "prompt> ab\r\n(GR) news\r\nprompt> abc\r\n");
}

TEST_CASE("two interactive speakers do not share a line") {
    Line const line;
    console::raw(Speaker::driver_domain, "shell> ");
    console::raw(Speaker::monitor, "gr> ");
    log("news");
    CHECK(line.said() == "shell> \r\ngr> \r\n(GR) news\r\ngr> ");
}

TEST_CASE("each interactive speaker gets its unfinished line back") {
    Line const line;
    console::raw(Speaker::monitor, "gr> au");
    console::raw(Speaker::driver_domain, "shell> ");
    console::raw(Speaker::monitor, "dit\n");
    console::raw(Speaker::driver_domain, "x");
    CHECK(line.said() == "gr> au\r\nshell> \r\ngr> audit\r\nshell> x");
}

TEST_CASE("a line too long to show again is not shown in half") {
    Line const line;
    console::raw(Speaker::monitor, std::string(400, 'x'));
    log("news");
    CHECK(line.said() == std::string(400, 'x') + "\r\n(GR) news\r\n");
}

TEST_CASE("a carriage return that is there already is not doubled") {
    Line const line;
    console::raw(Speaker::driver_domain, "a\r");
    console::raw(Speaker::driver_domain, "\nb\n");
    CHECK(line.said() == "a\r\nb\r\n");
}

TEST_CASE("whole lines are kept for dmesg, interactive ones are not") {
    Line const line;
    log("one");
    console::raw(Speaker::monitor, "gr> ");
    console::domain_line(DomId{2}, "two");
    CHECK(dmesg() == "(GR) one\n(d2) two\n");
    console::clear_dmesg();
    CHECK(dmesg().empty());
}

TEST_CASE("dmesg keeps the newest bytes, and a reader asks for what is new") {
    Line const line;
    for (unsigned i = 0; i < 3000; ++i)
        log("line {}", i);
    std::string const all = dmesg();
    CHECK(all.size() == console::Dmesg::capacity);
    CHECK(all.ends_with("(GR) line 2999\n"));

    u64 const end = console::dmesg_end();
    log("more");
    std::string fresh(100, '\0');
    auto const got = console::read_dmesg(end, fresh);
    CHECK(got.at == end);
    CHECK(fresh.substr(0, got.count) == "(GR) more\n");
}

TEST_CASE("a line for programs leaves a person's line as it is") {
    Line const line;
    console::raw(Speaker::driver_domain, "prompt> ab");
    console::aside({"7 ", "ID NAME"});
    console::raw(Speaker::driver_domain, "c\n");
    CHECK(line.said() ==
          "prompt> ab\xfe"
          "7 ID NAME\r\nc\r\n");
    CHECK(dmesg().empty());
}

TEST_CASE("nobody but the hypervisor begins an answer to a program") {
    Line const line;
    console::raw(Speaker::driver_domain,
                 "a\xfe"
                 "b1 {}\n\xfe\n");
    console::domain_line(DomId{7},
                         "\xfe"
                         "b1 {}");
    CHECK(line.said() == "a?b1 {}\r\n?\r\n(d7) ?b1 {}\r\n");
    console::aside({"b1", " ", "{}"});
    CHECK(
        line.said().ends_with("\xfe"
                              "b1 {}\r\n"));
}

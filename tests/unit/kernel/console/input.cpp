// SPDX-License-Identifier: MIT
#include "kernel/console/input.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

#include "tests/host/console.hpp"

namespace {

constexpr char ctrl_a = 0x01;

// Filled by the listeners, which are plain functions.
struct Heard {
    unsigned driver_domain = 0;
    std::string monitor;
    std::string question;
} heard;

struct Keyboard {
    Keyboard() {
        console::set_listeners({.driver_domain = [] { ++heard.driver_domain; },
                                .monitor = [](char c) { heard.monitor += c; },
                                .question = [](char c) { heard.question += c; }});
        console::set_focus(console::Focus::driver_domain);
        while (!read().empty()) {
        }
        heard = {};
        host::serial_line().clear();
    }
    void type(std::string_view s) {
        for (char const c : s)
            console::input(c);
    }
    std::string read() {
        std::string got(100, '\0');
        got.resize(console::read_input(got));
        return got;
    }
};

}  // namespace

TEST_CASE("input waits for the driver domain, which is told of it") {
    Keyboard k;
    k.type("xl\r");
    CHECK(heard.driver_domain == 3);
    CHECK(k.read() == "xl\r");
    CHECK(k.read().empty());
}

TEST_CASE("Ctrl-a three times moves the input on and says so") {
    Keyboard k;
    k.type("\x01\x01\x01");
    CHECK(console::focus() == console::Focus::monitor);
    CHECK(host::serial_line().find("(GR) *** Serial input to the monitor") == 0);
    k.type("help");
    CHECK(heard.monitor == "help");
    CHECK(k.read().empty());

    host::serial_line().clear();
    k.type("\x01\x01\x01");
    CHECK(console::focus() == console::Focus::driver_domain);
    CHECK(host::serial_line().find("(GR) *** Serial input to DOM0 (type 'CTRL-a' three times") == 0);
}

TEST_CASE("fewer of them are input like any other") {
    Keyboard k;
    k.type("\x01\x01");
    CHECK(k.read().empty());
    k.type("x");
    CHECK(k.read() == std::string{ctrl_a, ctrl_a, 'x'});
}

TEST_CASE("what is typed ahead is bounded, and the oldest stays") {
    Keyboard k;
    k.type("first" + std::string(5000, 'x'));
    std::string all;
    for (std::string part = k.read(); !part.empty(); part = k.read())
        all += part;
    CHECK(all.size() == 4096);
    CHECK(all.starts_with("first"));
}

TEST_CASE("there is room for as much as the driver domain can be kept waiting with") {
    Keyboard k;
    usize const room = console::input_room();
    k.type(std::string(room, 'x') + "\x01\x01");
    CHECK(console::input_room() == 0);
    k.type("y");  // and with it come both switch characters

    host::line_held() = true;
    usize got = 0;
    for (std::string s = k.read(); !s.empty(); s = k.read())
        got += s.size();
    CHECK(got == room + 2);  // the last one was one too many
    CHECK_FALSE(host::line_held());
    CHECK(console::input_room() == room);
}

TEST_CASE("a line is not told of room that reading did not make") {
    Keyboard k;
    host::line_held() = true;
    CHECK(k.read().empty());
    CHECK(host::line_held());
}

TEST_CASE("the monitor takes whatever comes") {
    Keyboard k;
    k.type(std::string(console::input_room(), 'x'));
    console::set_focus(console::Focus::monitor);
    CHECK(console::input_room() > 1000);
}

TEST_CASE("a program's question goes past whoever has the input") {
    Keyboard k;
    k.type(
        "xl l\xfe"
        "7 domains\x01\x01\x01\rist\r");
    CHECK(heard.question == "7 domains\x01\x01\x01\r");
    CHECK(k.read() == "xl list\r");
    CHECK(console::focus() == console::Focus::driver_domain);
}

TEST_CASE("a question between switch characters does not part them") {
    Keyboard k;
    k.type(
        "\x01\x01\xfe"
        "7 domains\r\x01");
    CHECK(console::focus() == console::Focus::monitor);
    CHECK(heard.question == "7 domains\r");
}

TEST_CASE("there is room for a question when there is none for typing") {
    Keyboard k;
    k.type(std::string(console::input_room(), 'x') + "\xfe");
    CHECK(console::input_room() > 1000);
    k.type("7 time\r");
    CHECK(heard.question == "7 time\r");
    CHECK(console::input_room() == 0);
}

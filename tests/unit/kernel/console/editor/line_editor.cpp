// SPDX-License-Identifier: MIT
#include "kernel/console/editor/line_editor.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <string>
#include <utility>

namespace {

using editor::Completion;

std::string shown;

void show(std::string_view s) {
    shown += s;
}

void offer_fruit(Completion& c) {
    if (!c.before().empty())
        return c.offer("pie");
    for (auto const* const fruit : {"apple", "apricot", "pear"})
        c.offer(fruit);
}

struct Terminal {
    editor::KeyDecoder keys;
    editor::LineEditor line{"> ", 20, show, offer_fruit};

    std::optional<std::string> press(std::string_view bytes) {
        std::optional<std::string> last;
        for (char const c : bytes)
            if (auto const whole = line.press(keys.take(c)))
                last = *whole;
        return last;
    }
    // The line that these bytes and Return make.
    std::string typed(std::string_view bytes) {
        REQUIRE_FALSE(press(bytes));
        return press("\r").value_or("nothing");
    }
    std::string shows(std::string_view bytes) {
        shown.clear();
        press(bytes);
        return std::exchange(shown, {});
    }
};

std::string typed(std::string_view bytes) {
    return Terminal{}.typed(bytes);
}

}  // namespace

TEST_CASE("keys become a line") {
    CHECK(typed("xl list") == "xl list");
    CHECK(typed("lisx\x7ft") == "list");
    CHECK(typed("ist\x01l") == "list");
    CHECK(typed("abc\x02\x02X\x05Y") == "aXbcY");
    CHECK(typed("abc\x15xyz") == "xyz");
    CHECK(typed("abcd\x1b[D\x1b[D\x15") == "cd");
    CHECK(typed("abc\x1b[D\x1b[D\x0b") == "a");
    CHECK(typed("abc\x1b[H\x1b[3~") == "bc");
    CHECK(typed("abc\x1bOH\x04") == "bc");
    CHECK(typed("abc\x1b[7~\x1b[C\x1b[8~d") == "abcd");
    CHECK(typed("\x7f\x1b[D\x1b[C\x04") == "");
}

TEST_CASE("Ctrl-w removes the word before the cursor, and the blanks behind it") {
    CHECK(typed("one two\x17") == "one ");
    CHECK(typed("one two  \x17three") == "one three");
    CHECK(typed("one two\x1b[D\x17") == "one o");
    CHECK(typed("  \x17\x17") == "");
}

TEST_CASE("Ctrl-c begins a new line") {
    CHECK(typed("abc\x03x") == "x");
}

TEST_CASE("a control key is heard within a sequence that never ended") {
    CHECK(typed("lisxx\x1b\x08\x1b[1\x08t") == "list");
}

TEST_CASE("control bytes never get into a line") {
    CHECK(typed("a\x1b[99~b\x02\x06\x80"
                "c\x1bZd\x1b[1;5Ce") == "abcde");
}

TEST_CASE("a line has an end, and what is beyond is not taken") {
    CHECK(typed(std::string(30, 'x')) == std::string(20, 'x'));
}

TEST_CASE("earlier lines come back, and the oldest stays when there is none before it") {
    Terminal t;
    t.typed("first");
    t.typed("second");
    CHECK(t.typed("\x1b[A\x1b[A") == "first");
    CHECK(t.typed("\x10\x10\x10\x10\x10\x10\x0e") == "second");
    CHECK(t.typed("\x1b[A\x1b[B") == "");
}

TEST_CASE("CR LF ends one line, not two") {
    Terminal t;
    CHECK(t.typed("a") == "a");
    CHECK_FALSE(t.press("\n"));
    CHECK(t.press("\n") == "");
}

TEST_CASE("what is shown follows what is typed") {
    Terminal t;
    CHECK(t.shows("a") == "a");
    CHECK(t.shows("\x01") == "\r\x1b[K> a\x1b[1D");
    CHECK(t.shows("\x0c") == "\x1b[H\x1b[2J\r\x1b[K> a\x1b[1D");
}

TEST_CASE("Tab writes what all candidates have in common, then shows them") {
    Terminal t;
    CHECK(t.shows("a\t") == "ap");
    CHECK(t.shows("\t") == "\napple  apricot  \n\r\x1b[K> ap");
    CHECK(t.shows("r\t") == "ricot ");
    CHECK(t.typed("\t") == "apricot pie ");
    CHECK(t.typed("x\t") == "x");
}

TEST_CASE("Tab in the middle of a line completes the word before the cursor") {
    CHECK(typed("pe x\x1b[D\x1b[D\t") == "pear x");
}

TEST_CASE("a terminal's answer about its screen is no typing") {
    editor::KeyDecoder keys;
    editor::Press last;
    for (char const c : std::string_view{"\x1b[24;80R"})
        last = keys.take(c);
    CHECK(last.key == editor::Key::screen_size);
    CHECK(last.screen.rows == 24);
    CHECK(last.screen.columns == 80);
    CHECK(typed("a\x1b[24;80Rb") == "ab");
}

TEST_CASE("any bytes leave a line that is printable and not too long") {
    rc::prop("any bytes", [](std::string const& bytes) {
        Terminal t;
        t.press(bytes);
        std::string const line = t.press("~~\r").value_or(std::string(99, 'x'));
        RC_ASSERT(line.size() <= 20);
        RC_ASSERT(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }));
    });
}

// SPDX-License-Identifier: MIT
#include "dom0/shell/line_editor.hpp"

#include <catch2/catch_test_macros.hpp>

namespace {

// The line that these keys and Return make.
std::string typed(shell::LineEditor& editor, std::string_view keys) {
    for (char const key : keys)
        REQUIRE_FALSE(editor.press(key));
    return editor.press('\r').value_or("nothing");
}

std::string typed(std::string_view keys) {
    shell::LineEditor editor{"> "};
    return typed(editor, keys);
}

}  // namespace

TEST_CASE("keys become a line") {
    CHECK(typed("xl list") == "xl list");
    CHECK(typed("lisx\x7ft") == "list");
    CHECK(typed("ist\x01l") == "list");
    CHECK(typed("abc\x02\x02X\x05Y") == "aXbcY");
    CHECK(typed("abc\x15xyz") == "xyz");
    CHECK(typed("abc\x1b[D\x1b[D\x0b") == "a");
    CHECK(typed("abc\x1b[H\x1b[3~") == "bc");
    CHECK(typed("\x7f\x1b[D\x1b[C\x04") == "");
}

TEST_CASE("control bytes never get into a line") {
    CHECK(typed("a\x1b[99~b\x02\x06\x80"
                "c\x1bZd") == "abcd");
}

TEST_CASE("earlier lines come back") {
    shell::LineEditor editor{"> "};
    typed(editor, "first");
    typed(editor, "second");
    CHECK(typed(editor, "\x1b[A\x1b[A") == "first");
    CHECK(typed(editor, "\x10\x10\x10\x0e") == "second");
    CHECK(typed(editor, "\x1b[A\x1b[B") == "");
}

TEST_CASE("CR LF ends one line, not two") {
    shell::LineEditor editor{"> "};
    CHECK(typed(editor, "a") == "a");
    CHECK_FALSE(editor.press('\n'));
}

TEST_CASE("what is shown follows what is typed") {
    shell::LineEditor editor{"> "};
    editor.press('a');
    CHECK(editor.take_output() == "a");
    editor.press('\x01');
    CHECK(editor.take_output() == "\r\x1b[K> a\x1b[1D");
}

// SPDX-License-Identifier: MIT
#include "kernel/console/line_buffer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <string>
#include <vector>

namespace {

// All lines of `text`, and what is left when the speaker stops.
std::vector<std::string> lines_of(std::string_view text) {
    console::LineBuffer buffer;
    std::vector<std::string> lines;
    for (char const c : text)
        if (buffer.put(c)) {
            lines.emplace_back(buffer.line());
            buffer.next();
        }
    if (buffer.finish())
        lines.emplace_back(buffer.line());
    return lines;
}

using Lines = std::vector<std::string>;

bool is_plain(char c) {
    return (c >= ' ' && c <= '~') || c == '\t';
}

// Takes ESC [ digits m out of a line.
std::string without_colour(std::string s) {
    for (auto at = s.find("\x1b["); at != std::string::npos; at = s.find("\x1b[")) {
        auto const end = s.find_first_not_of("0123456789;", at + 2);
        if (end == std::string::npos || s[end] != 'm')
            break;
        s.erase(at, end + 1 - at);
    }
    return s;
}

}  // namespace

TEST_CASE("CN-2 plain text comes out line by line") {
    CHECK(lines_of("one\ntwo\nrest") == Lines{"one", "two", "rest"});
    CHECK(lines_of("\n\n") == Lines{"", ""});
}

TEST_CASE("CN-2 a carriage return before a newline is no character") {
    CHECK(lines_of("dos\r\nunix\n") == Lines{"dos", "unix"});
    CHECK(lines_of("over\rwrite\n") == Lines{"over\\x0dwrite"});
}

TEST_CASE("CN-2 tab and colour pass, other control bytes are shown") {
    CHECK(lines_of("a\tb\n") == Lines{"a\tb"});
    CHECK(lines_of("\x1b[1;31mred\x1b[0m\n") == Lines{"\x1b[1;31mred\x1b[0m"});
    CHECK(lines_of("\x1b[2Jgone\n") == Lines{"\\x1b[2Jgone"});
    CHECK(lines_of("\x1b]0;title\x07\n") == Lines{"\\x1b]0;title\\x07"});
    CHECK(lines_of(std::string_view{"nul\0\n", 5}) == Lines{"nul\\x00"});
    CHECK(lines_of("\x9b"
                   "2J\n") == Lines{"\\x9b2J"});
}

TEST_CASE("CN-2 a colour sequence that never ends is shown, not kept") {
    std::string const digits(50, '1');
    auto const lines = lines_of("\x1b[" + digits + "m\n");
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].starts_with("\\x1b[111"));
    CHECK(lines_of("\x1b[1") == Lines{"\\x1b[1"});
}

TEST_CASE("CN-2 a long line is handed out in parts, and nothing is lost") {
    std::string const text(1000, 'x');
    auto const lines = lines_of(text + "\n");
    std::string joined;
    for (auto const& l : lines) {
        CHECK(l.size() <= console::LineBuffer::capacity);
        joined += l;
    }
    CHECK(joined == text);
}

TEST_CASE("CN-2 whatever a guest writes, a terminal sees text and colours only") {
    rc::prop("any bytes", [](std::vector<u8> const& bytes) {
        std::string const text{bytes.begin(), bytes.end()};
        for (auto const& line : lines_of(text)) {
            RC_ASSERT(line.size() <= console::LineBuffer::capacity);
            for (char const c : without_colour(line))
                RC_ASSERT(is_plain(c));
        }
    });
}

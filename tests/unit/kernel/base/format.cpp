// SPDX-License-Identifier: MIT
// kernel/base/format: the language of every line that Granite prints.
#include "kernel/base/format.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace {

template <class... A>
std::string formatted(text::Format<std::type_identity_t<A>...> f, A const&... a) {
    std::array<char, 128> buffer;
    return std::string{text::format_to(buffer, f, a...)};
}

template <class T>
std::string as_text(T value, int base) {
    std::array<char, 24> buffer;
    auto const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, base).ptr;
    return {buffer.data(), end};
}

}  // namespace

TEST_CASE("text without fields is copied") {
    CHECK(formatted("plain") == "plain");
    CHECK(formatted("a {{ brace") == "a { brace");
}

TEST_CASE("numbers are written in the base that is asked for") {
    CHECK(formatted("{} {}", 42u, -7) == "42 -7");
    CHECK(formatted("{:x} {:#x}", 255u, 255u) == "ff 0xff");
    CHECK(formatted("{}", INT64_MIN) == "-9223372036854775808");
}

TEST_CASE("fields are padded to their width") {
    CHECK(formatted("[{:4}]", 7u) == "[   7]");
    CHECK(formatted("[{:<4}]", 7u) == "[7   ]");
    CHECK(formatted("[{:04x}]", 0xau) == "[000a]");
    CHECK(formatted("[{:<6}]", "ab") == "[ab    ]");
}

TEST_CASE("a strong type is written as the number it holds") {
    CHECK(formatted("{}", DomId{3}) == "3");
    CHECK(formatted("{:#x}", Mfn{0x1a3f0}) == "0x1a3f0");
}

TEST_CASE("output that does not fit is cut at the end of the buffer") {
    std::array<char, 4> buffer;
    CHECK(text::format_to(buffer, "{}", 123456u) == "1234");
    CHECK(text::format_to(std::span<char>{}, "{}", 1u).empty());
}

TEST_CASE("any integer agrees with the standard library") {
    rc::prop("unsigned, hexadecimal", [](u64 v) { RC_ASSERT(formatted("{:x}", v) == as_text(v, 16)); });
    rc::prop("signed, decimal", [](s64 v) { RC_ASSERT(formatted("{}", v) == as_text(v, 10)); });
    rc::prop("any buffer length gives a prefix", [](u64 v, u8 size) {
        std::string buffer(size, '?');
        auto const all = as_text(v, 10);
        RC_ASSERT(text::format_to(buffer, "{}", v) == all.substr(0, std::min<usize>(size, all.size())));
    });
}

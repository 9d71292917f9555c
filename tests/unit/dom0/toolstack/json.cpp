// SPDX-License-Identifier: MIT
#include "dom0/toolstack/json.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::string_view_literals;
using toolstack::json_string;

TEST_CASE("plain text is put in quotes") {
    CHECK(json_string("") == "\"\"");
    CHECK(json_string("/local/domain/1") == "\"/local/domain/1\"");
}

TEST_CASE("what JSON would not take is escaped") {
    CHECK(json_string("a\"b\\c") == "\"a\\\"b\\\\c\"");
    CHECK(json_string("\n\0\x1b"sv) == "\"\\u000a\\u0000\\u001b\"");
    CHECK(json_string("\xff\x7f") == "\"\\u00ff\\u007f\"");
}

// SPDX-License-Identifier: MIT
#include "dom0/shell/words.hpp"

#include <catch2/catch_test_macros.hpp>

using Words = std::vector<std::string>;

TEST_CASE("blanks separate words and quotes keep them together") {
    CHECK(*shell::words_of("  xl create  a.cfg ") == Words{"xl", "create", "a.cfg"});
    CHECK(*shell::words_of("write /a 'two words'") == Words{"write", "/a", "two words"});
    CHECK(*shell::words_of("extra='a b'c \"\"") == Words{"extra=a bc", ""});
    CHECK(*shell::words_of("\"it's\"") == Words{"it's"});
    CHECK(shell::words_of("")->empty());
}

TEST_CASE("a quote that is not closed is no line") {
    CHECK_FALSE(shell::words_of("say 'hello"));
}

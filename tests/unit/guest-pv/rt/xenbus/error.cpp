// SPDX-License-Identifier: MIT
#include "guest-pv/rt/xenbus/error.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace std::string_view_literals;
using rt::xenbus::errno_of;

TEST_CASE("an error's name on the wire becomes its number") {
    CHECK(errno_of("ENOENT\0"sv) == Errno::noent);
    CHECK(errno_of("EAGAIN"sv) == Errno::again);
    CHECK(errno_of("E2BIG\0rest"sv) == Errno::toobig);
}

TEST_CASE("an unknown error is an invalid argument") {
    CHECK(errno_of("EWHATEVER\0"sv) == Errno::inval);
    CHECK(errno_of(""sv) == Errno::inval);
}

// SPDX-License-Identifier: MIT
#include "arch/platform/debug_exit.hpp"

#include <catch2/catch_test_macros.hpp>

TEST_CASE("debug-exit names a port, anywhere on the command line") {
    CHECK(arch::debug_exit_port("debug-exit=0xf4") == 0xf4);
    CHECK(arch::debug_exit_port("a b  debug-exit=244 c") == 244);
}

TEST_CASE("debug-exit that is no port means none") {
    CHECK(arch::debug_exit_port("") == 0);
    CHECK(arch::debug_exit_port("noreboot debug-exi=1") == 0);
    CHECK(arch::debug_exit_port("debug-exit=") == 0);
    CHECK(arch::debug_exit_port("debug-exit=0x12345") == 0);
    CHECK(arch::debug_exit_port("debug-exit=1x") == 0);
}

// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "arch/mm/isolation.hpp"

using arch::isolation_wanted;

TEST_CASE("SP-A the processor decides on page-table isolation when nobody else does") {
    CHECK(isolation_wanted("", true));
    CHECK(!isolation_wanted("dom0_mem=1G noxpti=yes", false));
    CHECK(isolation_wanted("xpti=perhaps xpti=", true));
}

TEST_CASE("xpti= decides, the last one that says something") {
    CHECK(isolation_wanted("a xpti=yes b", false));
    CHECK(!isolation_wanted("xpti=off", true));
    CHECK(!isolation_wanted("xpti=1 xpti=0", true));
    CHECK(isolation_wanted("xpti=no xpti=true xpti=dom0", false));
}

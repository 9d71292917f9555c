// SPDX-License-Identifier: MIT
// dom0/toolstack/cpu_list: processors as people write and read them.
#include "dom0/toolstack/cpu_list.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

using toolstack::cpus_text;
using toolstack::parse_cpus;

TEST_CASE("processors are named one by one, by range and by exception") {
    CHECK(parse_cpus("0") == 0b1u);
    CHECK(parse_cpus("1,3") == 0b1010u);
    CHECK(parse_cpus("0-3") == 0b1111u);
    CHECK(parse_cpus("0-7,^2, ^5-6") == 0b10011011u);
    CHECK(parse_cpus("all") == toolstack::any_cpu);
    CHECK(parse_cpus("all,^0") == ~u64{1});
    CHECK(parse_cpus("0-63") == toolstack::any_cpu);
}

TEST_CASE("what names no processor is refused with the reason") {
    for (auto const* const text :
         {"", "x", "3-1", "64", "1-", "-1", "nodes:0", "1,,2", "0,^0", "99999999999"})
        CHECK_FALSE(parse_cpus(text).has_value());
    CHECK(parse_cpus("0,^0").error() == "'0,^0' leaves no processor");
}

TEST_CASE("a mask reads as ranges, or as all or none of those there are") {
    CHECK(cpus_text(0b1, 4) == "0");
    CHECK(cpus_text(0b1011, 8) == "0-1,3");
    CHECK(cpus_text(toolstack::any_cpu, 4) == "all");
    CHECK(cpus_text(0b1111, 4) == "all");
    CHECK(cpus_text(0b110000, 4) == "none");
}

TEST_CASE("what is written is read back") {
    rc::prop("any processors of 64", [](u64 mask) {
        RC_PRE(mask != 0);
        RC_ASSERT(parse_cpus(cpus_text(mask, 64)).value() == mask);
    });
}

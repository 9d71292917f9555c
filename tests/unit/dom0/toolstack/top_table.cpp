// SPDX-License-Identifier: MIT
#include "dom0/toolstack/top_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace toolstack;

namespace {

constexpr Nanos second = 1'000'000'000;

TopSample sample() {
    return {.name = "linux-of-ten",
            .state = state_letters({.blocked = true}),
            .cpu_time = 7 * second + second / 2,
            .memory_kib = 131072,
            .limit_kib = 263168,
            .vcpus = 2,
            .interfaces = 1,
            .sent_bytes = 5000,
            .received_bytes = 1023};
}

}  // namespace

TEST_CASE("headings stand where xentop has them") {
    CHECK(top_heading() ==
          "      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS NETS NETTX(k) "
          "NETRX(k) VBDS   VBD_OO   VBD_RD   VBD_WR  VBD_RSECT  VBD_WSECT SSID\n");
}

TEST_CASE("a row stands below its headings") {
    CHECK(top_row(sample(), 6 * second, 3 * second, 1048576, false) ==
          "linux-of-t --b---          7   50.0     131072   12.5     263168      25.1     2    1        4    "
          "    "
          "0    0        0        0        0          0          0    0\n");
}

TEST_CASE("a long name is shown whole when asked for") {
    CHECK(top_row(sample(), {}, 0, 1048576, true).starts_with("linux-of-ten --b---"));
}

TEST_CASE("a domain seen for the first time has used nothing yet") {
    auto const row = top_row(sample(), {}, 3 * second, 1048576, false);
    CHECK(row.find("   7    0.0 ") != std::string::npos);
}

TEST_CASE("a domain without a limit says so") {
    auto unlimited = sample();
    unlimited.limit_kib.reset();
    CHECK(top_row(unlimited, {}, 0, 0, false).find(" no limit       n/a ") != std::string::npos);
}

TEST_CASE("each state has its letter") {
    CHECK(state_letters({}) == "------");
    CHECK(state_letters({true, true, true, true, true, true}) == "dsbcpr");
}

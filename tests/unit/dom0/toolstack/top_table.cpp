// SPDX-License-Identifier: MIT
#include "dom0/toolstack/top_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace toolstack;

namespace {

constexpr Nanos second = 1'000'000'000;

TopSample sample() {
    return {.domain = 1,
            .name = "linux-of-ten",
            .state = state_letters({.blocked = true}),
            .cpu_time = 7 * second + second / 2,
            .memory_kib = 131072,
            .limit_kib = 263168,
            .vcpus = 2,
            .vifs = {{.received_bytes = 1023, .received_packets = 3, .sent_bytes = 5000, .sent_packets = 4}}};
}

}  // namespace

TEST_CASE("headings stand where xentop has them") {
    CHECK(top_heading() ==
          "      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  MAXMEM(k) MAXMEM(%) VCPUS NETS NETTX(k) "
          "NETRX(k) VBDS   VBD_OO   VBD_RD   VBD_WR  VBD_RSECT  VBD_WSECT SSID\n");
}

TEST_CASE("a row stands below its headings") {
    CHECK(top_row({sample(), 6 * second}, 3 * second, 1048576, false) ==
          "linux-of-t --b---          7   50.0     131072   12.5     263168      25.1     2    1        4    "
          "    "
          "0    0        0        0        0          0          0    0\n");
}

TEST_CASE("a long name is shown whole when asked for") {
    CHECK(top_row({sample()}, 0, 1048576, true).starts_with("linux-of-ten --b---"));
}

TEST_CASE("a domain seen for the first time has used nothing yet") {
    auto const row = top_row({sample()}, 3 * second, 1048576, false);
    CHECK(row.find("   7    0.0 ") != std::string::npos);
}

TEST_CASE("a domain without a limit says so") {
    auto unlimited = sample();
    unlimited.limit_kib.reset();
    CHECK(top_row({unlimited}, 0, 0, false).find(" no limit       n/a ") != std::string::npos);
}

TEST_CASE("each state has its letter") {
    CHECK(state_letters({}) == "------");
    CHECK(state_letters({true, true, true, true, true, true}) == "dsbcpr");
}

TEST_CASE("an interface has a row of its own") {
    CHECK(top_interface_row(sample().vifs.front()) ==
          "Net0 RX:     1023bytes        3pkts  TX:     5000bytes        4pkts         0drop\n");
}

TEST_CASE("lines are sorted by use, and by number where that is equal") {
    auto named = [number = 0u](std::string name, Nanos used, u64 memory) mutable {
        auto now = sample();
        now.domain = number++;
        now.name = std::move(name);
        now.memory_kib = memory;
        return TopLine{now, now.cpu_time - used};
    };
    std::vector<TopLine> lines{named("idle", 0, 3), named("busy", second, 1), named("large", 0, 9)};
    sort_lines(lines, TopOrder::domain);
    CHECK(lines.front().now.name == "idle");
    sort_lines(lines, TopOrder::processor);
    CHECK(lines[0].now.name == "busy");
    CHECK(lines[1].now.name == "idle");
    sort_lines(lines, TopOrder::memory);
    CHECK(lines[0].now.name == "large");
}

TEST_CASE("the orders follow one another in a circle") {
    auto order = TopOrder::domain;
    for (auto const name : {"processor", "memory", "network", "domain"})
        CHECK(name_of(order = next(order)) == name);
}

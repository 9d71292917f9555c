// SPDX-License-Identifier: MIT
#include "dom0/toolstack/traffic.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace toolstack;

namespace {

constexpr Traffic some(u16 guest) {
    return {.guest = DomId{guest},
            .handle = 2,
            .received_bytes = 3,
            .received_packets = 4,
            .sent_bytes = ~u64{0},
            .sent_packets = 5,
            .dropped = 6};
}

}  // namespace

TEST_CASE("what was told of interfaces is understood as it was") {
    std::vector const all{some(1), some(1000)};
    CHECK(to_text(all, 1000) == "1 2 3 4 18446744073709551615 5 6\n1000 2 3 4 18446744073709551615 5 6\n");
    CHECK(parse_traffic(to_text(all, 1000)) == all);
    CHECK(parse_traffic("").empty());
}

TEST_CASE("what has no room is left out as a whole") {
    std::vector const all{some(1), some(2)};
    usize const both = to_text(all, 1000).size();
    CHECK(to_text(all, both) == to_text(all, 1000));
    CHECK(parse_traffic(to_text(all, both - 1)) == std::vector{some(1)});
    CHECK(to_text(all, 3).empty());
}

TEST_CASE("a line that is none is not believed, those beside it are") {
    for (std::string const line :
         {"1 2 3 4 5 6", "1 2 3 4 5 6 7 8", "1 2 3 4 5 6 x", "1 2 3 4 5 6 -7", "65536 2 3 4 5 6 7",
          "1 4294967296 3 4 5 6 7", "1 2 3 4 5 6 18446744073709551616", " 1 2 3 4 5 6 7", "vif"}) {
        CAPTURE(line);
        CHECK(parse_traffic(line + "\n1 2 3 4 18446744073709551615 5 6\n") == std::vector{some(1)});
    }
}

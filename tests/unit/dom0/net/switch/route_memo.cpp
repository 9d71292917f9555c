// SPDX-License-Identifier: MIT
#include "dom0/net/switch/route_memo.hpp"

#include <array>

#include <catch2/catch_test_macros.hpp>

namespace {

using Head = std::array<std::byte, nic::header_bytes>;
using bridge::Route;

Head head(u8 destination, u8 source, u8 type) {
    Head bytes{};
    bytes[5] = std::byte{destination};
    bytes[11] = std::byte{source};
    bytes[13] = std::byte{type};
    return bytes;
}

}  // namespace

TEST_CASE("a frame with the labels of the last one goes the same way") {
    net::RouteMemo memo;
    CHECK(memo.find(head(1, 2, 3)) == nullptr);
    memo.keep(head(1, 2, 3), {{Route::To::one, bridge::PortId{7}, {}}, {}});
    auto const* const way = memo.find(head(1, 2, 3));
    REQUIRE(way != nullptr);
    CHECK(way->route.to == Route::To::one);
    CHECK(way->route.port == bridge::PortId{7});
}

TEST_CASE("a frame with another address or type is not known") {
    net::RouteMemo memo;
    memo.keep(head(1, 2, 3), {});
    for (usize at = 0; at < nic::header_bytes; ++at) {
        auto other = head(1, 2, 3);
        other[at] ^= std::byte{1};
        CHECK(memo.find(other) == nullptr);
    }
}

TEST_CASE("of a frame with a tag, which its labels do not tell, the next one learns nothing") {
    net::RouteMemo memo;
    auto const& way = memo.keep(head(1, 2, 3), {{}, bridge::VlanId{5}});
    CHECK(way.tag == bridge::VlanId{5});
    CHECK(memo.find(head(1, 2, 3)) == nullptr);
}

TEST_CASE("what is forgotten or replaced is not known") {
    net::RouteMemo memo;
    memo.keep(head(1, 2, 3), {});
    memo.keep(head(4, 5, 6), {});
    CHECK(memo.find(head(1, 2, 3)) == nullptr);
    memo.forget();
    CHECK(memo.find(head(4, 5, 6)) == nullptr);
}

// SPDX-License-Identifier: MIT
#include "guest-pv/net/mac.hpp"

#include <catch2/catch_test_macros.hpp>

using net::parse_mac;

TEST_CASE("an Ethernet address is read as xenstore writes it") {
    CHECK(parse_mac("00:16:3e:0A:ff:01") == net::Mac{0x00, 0x16, 0x3e, 0x0a, 0xff, 0x01});
}

TEST_CASE("anything else is no Ethernet address") {
    for (auto const* text :
         {"", "00:16:3e:0a:ff", "00:16:3e:0a:ff:01:", "00-16-3e-0a-ff-01", "00:16:3e:0a:ff:0g",
          "0:016:3e:0a:ff:01", "00:16:3e:0a:ff:-1", "00:16:3e:0a:ff: 1"})
        CHECK(!parse_mac(text));
}

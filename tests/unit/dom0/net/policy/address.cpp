// SPDX-License-Identifier: MIT
// Internet addresses as they are written.
#include "dom0/net/policy/address.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

using policy::Address;
using policy::Prefix;

TEST_CASE("addresses of both kinds are read") {
    CHECK(Address::parse("10.0.2.15") == Address::ipv4(0x0a00'020f));
    CHECK(Address::parse("::") == Address{});
    CHECK(Address::parse("::1") == Address{0, 1});
    CHECK(Address::parse("fd00::") == Address{0xfd00'0000'0000'0000, 0});
    CHECK(Address::parse("2001:db8:0:1:2:3:4:5") == Address{0x2001'0db8'0000'0001, 0x0002'0003'0004'0005});
    CHECK(Address::parse("1::7:8") == Address{0x0001'0000'0000'0000, 0x0007'0008});
}

TEST_CASE("what is no address is not read as one") {
    for (auto const* const text : {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.", ".1.2.3", "1.2.3.-4",
                                   "1.2.3.4 ", ":", ":::", "1:", ":1", "1::2::3", "12345::", "g::",
                                   "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8"}) {
        INFO(text);
        CHECK_FALSE(Address::parse(text));
    }
}

TEST_CASE("a prefix contains what begins like it") {
    auto const ten = *Prefix::parse("10.0.0.0/8");
    CHECK(ten.contains(*Address::parse("10.255.0.1")));
    CHECK_FALSE(ten.contains(*Address::parse("11.0.0.1")));
    CHECK_FALSE(ten.contains(*Address::parse("a00::")));
    CHECK(Prefix::parse("0.0.0.0/0")->contains(*Address::parse("1.2.3.4")));
    CHECK_FALSE(Prefix::parse("0.0.0.0/0")->contains(*Address::parse("fd00::1")));
    CHECK(Prefix::parse("::/0")->contains(*Address::parse("fd00::1")));
    CHECK(Prefix::parse("fd00::1")->contains(*Address::parse("fd00::1")));
    CHECK_FALSE(Prefix::parse("fd00::1")->contains(*Address::parse("fd00::2")));
    CHECK(Prefix::parse("fd00::/64")->contains(*Address::parse("fd00::ffff:1")));
    CHECK_FALSE(Prefix::parse("10.0.0.0/33"));
    CHECK_FALSE(Prefix::parse("fd00::/129"));
    CHECK_FALSE(Prefix::parse("10.0.0.0/"));
}

TEST_CASE("a station's own link-local address is made of its Ethernet address") {
    CHECK(Address::link_local({{0x00, 0x16, 0x3e, 0x01, 0x02, 0x03}}) ==
          Address::parse("fe80::216:3eff:fe01:203"));
}

TEST_CASE("any text is an address or is not, and nothing else happens") {
    CHECK(rc::check([] {
        auto const text =
            *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"0123456789abf:./"}));
        static_cast<void>(Prefix::parse(text));
    }));
}

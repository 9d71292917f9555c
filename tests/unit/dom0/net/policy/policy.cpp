// SPDX-License-Identifier: MIT
// What an interface may send, by all of its configuration, and how that is read.
#include "dom0/net/policy/policy.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/host/net/ip_frame.hpp"

using namespace ip_frame;
using bridge::Passage;
using bridge::VlanId;
using bridge::Vlans;
using policy::AddressGuard;
using policy::AllowList;
using policy::Policy;
using policy::Refusal;

namespace {

constexpr u8 udp = 17;
constexpr u32 mine = 0x0a00'020f, not_mine = 0x0a00'0210, server = 0x0a00'0203, world = 0x0808'0808;

Frame tagged(Frame frame, u8 network) {
    std::array<std::byte, 4> const tag{std::byte{0x81}, std::byte{0}, std::byte{0}, std::byte{network}};
    frame.insert(frame.begin() + 12, tag.begin(), tag.end());
    return frame;
}

Policy strict() {
    Policy p{.vlans = *policy::parse_vlans("5", "7"), .guard = {}, .allow = {}};
    p.guard.emplace(own, *policy::parse_addresses("10.0.2.15"));
    p.allow = AllowList::parse("udp:53@10.0.2.3 reply");
    return p;
}

}  // namespace

TEST_CASE("an interface without a policy sends anything but what is of a network it has no part in") {
    Policy const open;
    CHECK(open.judge(ipv4(mine, world, udp)) == std::nullopt);
    CHECK(open.judge(ether(0x88cc, other)) == std::nullopt);
    CHECK(open.judge(tagged(ipv4(mine, world, udp), 5)) == Refusal::foreign_vlan);
    CHECK(open.judge(tagged(ipv4(mine, world, udp), 0)) == std::nullopt);  // speaks of priority alone
}

TEST_CASE("every part of a policy refuses by its own name, and lies come first") {
    Policy const p = strict();
    CHECK(p.judge(ipv4(mine, server, udp, {1, 53})) == std::nullopt);
    CHECK(p.judge(tagged(ipv4(mine, server, udp, {1, 53}), 7)) == std::nullopt);
    CHECK(p.judge(ether(0x0800, other)) == Refusal::spoofed_mac);
    CHECK(p.judge(ipv4(not_mine, server, udp, {1, 53})) == Refusal::spoofed_ip);
    CHECK(p.judge(tagged(ipv4(mine, server, udp, {1, 53}), 6)) == Refusal::foreign_vlan);
    CHECK(p.judge(ipv4(mine, world, udp, {1, 53})) == Refusal::not_allowed);
    CHECK(p.judge(tagged(ipv4(not_mine, world, udp, {1, 53}), 6)) == Refusal::spoofed_ip);
    CHECK(p.judge(tagged(ipv4(mine, world, udp, {1, 53}), 6)) == Refusal::foreign_vlan);
}

TEST_CASE("who has spoken to the guest is answered, where replies are allowed") {
    Policy p = strict();
    auto const answer = ipv4(mine, world, udp, {80, 4000});
    CHECK(p.judge(answer) == Refusal::not_allowed);
    p.heard(ipv4(world, mine, udp, {4000, 80}));
    CHECK(p.judge(answer) == std::nullopt);
    Policy{}.heard(answer);  // of who may send anything nothing is kept
}

TEST_CASE("networks are a number, and numbers, ranges or all of them with a tag") {
    auto const access = policy::parse_vlans("5", "");
    REQUIRE(access);
    CHECK(access->access() == VlanId{5});
    CHECK_FALSE(access->knows_tags());

    auto const some = policy::parse_vlans("0", "10 20-22  4094");
    REQUIRE(some);
    for (u16 const id : std::initializer_list<u16>{10, 20, 21, 22, 4094})
        CHECK(some->passage(VlanId{id}) == Passage::tagged);
    for (u16 const id : std::initializer_list<u16>{1, 9, 11, 19, 23, 4093, 4095})
        CHECK(some->passage(VlanId{id}) == Passage::none);
    CHECK(some->passage(VlanId{0}) == Passage::untagged);

    auto const trunk = policy::parse_vlans("3", "all");
    REQUIRE(trunk);
    CHECK(trunk->passage(VlanId{3}) == Passage::untagged);
    CHECK(trunk->passage(VlanId{4094}) == Passage::tagged);
    CHECK(trunk->passage(bridge::reserved_vlan) == Passage::none);
}

TEST_CASE("what is no network is refused") {
    for (char const* const own_network : {"", "x", "4095", "65536", "-1", "5 ", "1-2"})
        CHECK_FALSE(policy::parse_vlans(own_network, ""));
    for (char const* const others :
         {"0", "0-5", "4095", "4000-4095", "9-8", "10,20", "10-", "-10", "x", "any"})
        CHECK_FALSE(policy::parse_vlans("1", others));
}

TEST_CASE("addresses are a list of at least one, and each is one") {
    auto const both = policy::parse_addresses("10.0.2.15 fd00::15");
    REQUIRE(both);
    CHECK(*both == std::vector{policy::Address::ipv4(mine), *policy::Address::parse("fd00::15")});
    for (char const* const text : {"", "  ", "10.0.2", "10.0.2.15 x", "10.0.2.15,10.0.2.16", "10.0.2.15/24"})
        CHECK_FALSE(policy::parse_addresses(text));
}

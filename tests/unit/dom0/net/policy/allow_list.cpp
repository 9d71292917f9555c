// SPDX-License-Identifier: MIT
// Where a guest may send.
#include "dom0/net/policy/allow_list.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "tests/host/net/ip_frame.hpp"

using namespace ip_frame;
using policy::AllowList;

namespace {

constexpr u8 icmp = 1;
constexpr u8 tcp = 6;
constexpr u8 udp = 17;
constexpr u32 guest = 0x0a00'020f;
constexpr u32 server = 0x0a00'0203;
constexpr u32 world = 0x0808'0808;

bool allows(char const* rules, Frame const& frame) {
    return AllowList::parse(rules).value().allows(frame);
}

}  // namespace

TEST_CASE("a rule allows what it names and nothing else") {
    auto const* const rules = "udp:53@10.0.2.3 tcp:80-443 icmp@10.0.0.0/8";
    CHECK(allows(rules, ipv4(guest, server, udp, {1, 53})));
    CHECK_FALSE(allows(rules, ipv4(guest, server, udp, {1, 54})));
    CHECK_FALSE(allows(rules, ipv4(guest, world, udp, {1, 53})));
    CHECK(allows(rules, ipv4(guest, world, tcp, {1, 80})));
    CHECK(allows(rules, ipv4(guest, world, tcp, {1, 443})));
    CHECK_FALSE(allows(rules, ipv4(guest, world, tcp, {1, 444})));
    CHECK(allows(rules, ipv4(guest, server, icmp)));
    CHECK_FALSE(allows(rules, ipv4(guest, world, icmp)));
    CHECK_FALSE(allows(rules, ipv4(guest, world, 47)));
    CHECK_FALSE(allows(rules, ether(0x88cc)));
}

TEST_CASE("an empty list allows only what finds a neighbour") {
    CHECK(allows("", arp(own, guest)));
    CHECK(allows("", ipv6(1, 9, 58, neighbour(135, 2, own))));
    CHECK_FALSE(allows("", ipv6(1, 9, 58, neighbour(128, 2, own))));  // echo
    CHECK_FALSE(allows("", ipv4(guest, server, udp)));
}

TEST_CASE("later pieces of a datagram have no ports, and only rules without ports allow them") {
    auto const piece = ipv4(guest, server, udp, {1, 53}, 185);
    CHECK_FALSE(allows("udp:53", piece));
    CHECK(allows("udp@10.0.2.3", piece));
}

TEST_CASE("a guest may answer who has spoken to it, in the same conversation") {
    auto list = AllowList::parse("reply").value();
    auto const answer = ipv4(guest, world, tcp, {80, 5555});
    CHECK_FALSE(list.allows(answer));
    list.heard(ipv4(world, guest, tcp, {5555, 80}));
    CHECK(list.allows(answer));
    CHECK_FALSE(list.allows(ipv4(guest, world, tcp, {81, 5555})));
    CHECK_FALSE(list.allows(ipv4(guest, world, tcp, {80, 5556})));
    CHECK_FALSE(list.allows(ipv4(guest, world, udp, {80, 5555})));
    CHECK_FALSE(list.allows(ipv4(guest, server, tcp, {80, 5555})));
    list.heard(ipv4(server, guest, icmp));
    CHECK(list.allows(ipv4(guest, server, icmp)));
}

TEST_CASE("NB-13 who speaks from everywhere takes no more than the table") {
    auto list = AllowList::parse("reply").value();
    for (u32 i = 0; i < 50'000; ++i)
        list.heard(ipv4(world + i, guest, tcp, {5555, 80}));
    u32 answered = 0;
    for (u32 i = 0; i < 50'000; ++i)
        answered += list.allows(ipv4(guest, world + i, tcp, {80, 5555})) ? 1 : 0;
    CHECK(answered <= policy::Conversations::size);
    CHECK(answered > policy::Conversations::size / 2);
}

TEST_CASE("what is no rule is refused") {
    for (auto const* const text : {"tcp:", "tcp:70000", "tcp:9-8", "icmp:1", "any:1", "sctp", "tcp@",
                                   "tcp@1.2.3", "udp:53@10.0.0.0/40", "tcp:1:2", "TCP"}) {
        INFO(text);
        CHECK_FALSE(AllowList::parse(text));
    }
    std::string many;
    for (usize i = 0; i <= AllowList::most_rules; ++i)
        many += "any ";
    CHECK_FALSE(AllowList::parse(many));
}

TEST_CASE("any text is a list or is not, and nothing else happens") {
    CHECK(rc::check([] {
        auto const text =
            *rc::gen::container<std::string>(rc::gen::elementOf(std::string{"tcpudany:@./-0123456789 "}));
        static_cast<void>(AllowList::parse(text));
    }));
}

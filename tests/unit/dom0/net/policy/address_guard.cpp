// SPDX-License-Identifier: MIT
// A guest that pretends to be another.
#include "dom0/net/policy/address_guard.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include "tests/host/net/ip_frame.hpp"

using namespace ip_frame;
using policy::Address;
using policy::AddressGuard;
using policy::Spoof;

namespace {

constexpr u32 mine = 0x0a00'020f;
constexpr u32 not_mine = 0x0a00'0210;
constexpr u32 outside = 0x0808'0808;
AddressGuard const mac_only{own, {}};
AddressGuard const listed{own, {Address::ipv4(mine), *Address::parse("fd00::1")}};

constexpr u8 udp = 17;
constexpr u8 icmpv6 = 58;

Frame udp_ports() {
    Frame payload;
    add(payload, {0, 1, 0, 2, 0, 8, 0, 0});
    return payload;
}

}  // namespace

TEST_CASE("frames under another's Ethernet address are spoofed, of whatever kind") {
    for (auto const& guard : {mac_only, listed}) {
        CHECK(guard.judge(ether(0x0800, other)) == Spoof::mac);
        CHECK(guard.judge(arp(own, mine, other)) == Spoof::mac);
    }
}

TEST_CASE("without a list of addresses all are the guest's, and ARP tells its Ethernet address") {
    CHECK(mac_only.judge(ipv4(not_mine, outside, udp)) == Spoof::none);
    CHECK(mac_only.judge(arp(own, not_mine)) == Spoof::none);
    CHECK(mac_only.judge(arp(other, not_mine)) == Spoof::mac);
    CHECK(mac_only.judge(ether(0x88cc)) == Spoof::none);
}

TEST_CASE("with one, datagrams come from these addresses") {
    CHECK(listed.judge(ipv4(mine, outside, udp)) == Spoof::none);
    CHECK(listed.judge(ipv4(not_mine, outside, udp)) == Spoof::ip);
    CHECK(listed.judge(ipv6(1, 9, udp, udp_ports())) == Spoof::none);
    CHECK(listed.judge(ipv6(2, 9, udp, udp_ports())) == Spoof::ip);
    CHECK(listed.judge(ether(0x88cc)) == Spoof::ip);  // neither IP nor ARP
}

TEST_CASE("a guest without an address may ask for one and do nothing else") {
    CHECK(listed.judge(ipv4(0, 0xffff'ffff, udp, {68, 67})) == Spoof::none);
    CHECK(listed.judge(ipv4(0, 0xffff'ffff, udp, {68, 69})) == Spoof::ip);
    CHECK(listed.judge(ipv4(0, outside, udp, {68, 67})) == Spoof::ip);
    CHECK(listed.judge(arp(own, 0)) == Spoof::none);
}

TEST_CASE("ARP tells of own addresses only") {
    CHECK(listed.judge(arp(own, mine)) == Spoof::none);
    CHECK(listed.judge(arp(own, not_mine)) == Spoof::ip);
    CHECK(listed.judge(arp(other, mine)) == Spoof::mac);
    auto odd = arp(own, mine);
    odd[14 + 5] = std::byte{16};  // addresses of another length are elsewhere
    CHECK(listed.judge(odd) == Spoof::ip);
    CHECK(listed.judge(policy::Bytes{odd}.first(30)) == Spoof::ip);
}

TEST_CASE("so does neighbour discovery, and a guest is no router") {
    constexpr u8 solicitation = 135;
    constexpr u8 advertisement = 136;
    auto const sent = [](Frame const& message) { return listed.judge(ipv6(1, 9, icmpv6, message)); };
    CHECK(sent(neighbour(advertisement, 1, own)) == Spoof::none);
    CHECK(sent(neighbour(advertisement, 2, own)) == Spoof::ip);
    CHECK(sent(neighbour(advertisement, 1, other)) == Spoof::ip);
    CHECK(sent(neighbour(solicitation, 2, own, 1)) == Spoof::none);
    CHECK(sent(neighbour(solicitation, 2, other, 1)) == Spoof::ip);
    CHECK(sent(neighbour(134, 1, own)) == Spoof::ip);  // router advertisement
    CHECK(sent(neighbour(137, 1, own)) == Spoof::ip);  // redirect
    auto endless = neighbour(advertisement, 1, own);
    endless[25] = std::byte{0};  // an option without length
    CHECK(sent(endless) == Spoof::ip);
}

TEST_CASE("extension headers hide nothing") {
    Frame behind_options;
    add(behind_options, {icmpv6, 0, 1, 4, 0, 0, 0, 0});
    auto const lie = neighbour(136, 2, own);
    behind_options.insert(behind_options.end(), lie.begin(), lie.end());
    CHECK(listed.judge(ipv6(1, 9, 60, behind_options)) == Spoof::ip);
    Frame unending;
    for (int i = 0; i < 40; ++i)
        add(unending, {60, 0, 1, 4, 0, 0, 0, 0});
    CHECK(listed.judge(ipv6(1, 9, 60, unending)) == Spoof::ip);
    Frame beyond;
    add(beyond, {udp, 200, 1, 4, 0, 0, 0, 0});
    CHECK(listed.judge(ipv6(1, 9, 60, beyond)) == Spoof::ip);
}

TEST_CASE("a tag before a lie does not make it true") {
    auto frame = ipv4(not_mine, outside, udp);
    std::array<std::byte, 4> const tag{std::byte{0x81}, std::byte{0}, std::byte{0}, std::byte{5}};
    frame.insert(frame.begin() + 12, tag.begin(), tag.end());
    CHECK(listed.judge(frame) == Spoof::ip);
    frame.insert(frame.begin() + 12, tag.begin(), tag.end());
    CHECK(listed.judge(frame) == Spoof::ip);
}

TEST_CASE("NB-04 bytes that mean nothing are judged without a look beyond their end") {
    CHECK(rc::check([] {
        auto frame = *rc::gen::elementOf(std::vector<Frame>{
            ipv4(mine, outside, udp), ipv6(1, 9, icmpv6, neighbour(136, 1, own)), arp(own, mine)});
        auto const at = *rc::gen::inRange<usize>(12, frame.size());
        frame[at] = std::byte{*rc::gen::arbitrary<u8>()};
        frame.resize(*rc::gen::inRange<usize>(14, frame.size() + 1));
        frame.shrink_to_fit();
        static_cast<void>(listed.judge(frame));
    }));
}

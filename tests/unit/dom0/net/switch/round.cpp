// SPDX-License-Identifier: MIT
// Rounds of the switch between ports that only remember.
#include "dom0/net/switch/switch.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/host/net/switch_port.hpp"

using net::Plug;

namespace {

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(400));
    net::Switch net_switch{*pool};
    switch_port::Recorder a{*pool}, b{*pool}, c{*pool};

    void round() {
        for (net::PortId const port : {a.id, b.id, c.id})
            net_switch.wake(port);
        net_switch.round(1);
    }
    Setup(Plug const& for_a, Plug const& for_b, Plug const& for_c) {
        a.id = *net_switch.attach(a, for_a);
        b.id = *net_switch.attach(b, for_b);
        c.id = *net_switch.attach(c, for_c);
    }
};

Plug access(u16 network) {
    return {bridge::Vlans{bridge::VlanId{network}}};
}
Plug const wire{bridge::Vlans::trunk()};

}  // namespace

TEST_CASE("guests of one network hear each other untagged, the wire with a tag, others nothing") {
    Setup s{access(5), access(5), wire};
    switch_port::Recorder stranger{*s.pool};
    stranger.id = *s.net_switch.attach(stranger, access(0));
    s.a.to_send.push_back(s.a.frame(1, switch_port::everybody));
    s.round();
    REQUIRE(s.b.received.size() == 1);
    REQUIRE(s.b.received[0] == switch_port::bytes(1, switch_port::everybody));
    REQUIRE(s.c.received.size() == 1);
    REQUIRE(s.c.received[0] == switch_port::bytes(1, switch_port::everybody, 5));
    REQUIRE(stranger.received.empty());
}

TEST_CASE("a tagged frame from the wire reaches the guests of its network alone") {
    Setup s{access(5), access(6), wire};
    s.c.to_send.push_back(s.c.frame(9, switch_port::everybody, 6));
    s.round();
    REQUIRE(s.a.received.empty());
    REQUIRE(s.b.received.size() == 1);
    REQUIRE(s.b.received[0] == switch_port::bytes(9, switch_port::everybody));
}

TEST_CASE("a watcher sees both ways of the port it watches, and of no other") {
    Setup s{access(0), access(0), access(0)};
    switch_port::Recorder watcher{*s.pool};
    watcher.id = *s.net_switch.attach(watcher, access(7));
    s.net_switch.mirror(s.a.id, watcher.id);
    s.a.to_send.push_back(s.a.frame(1, switch_port::everybody));
    s.round();
    s.b.to_send.push_back(s.b.frame(2, 1));
    s.round();
    s.b.to_send.push_back(s.b.frame(2, 3));
    s.c.to_send.push_back(s.c.frame(3, 2));
    s.round();
    REQUIRE(s.a.received.size() == 2);  // one was flooded
    REQUIRE(watcher.received.size() == 3);
    REQUIRE(watcher.received[0] == switch_port::bytes(1, switch_port::everybody));
    REQUIRE(watcher.received[1] == switch_port::bytes(2, 1));
    s.net_switch.detach(watcher.id);
    s.a.to_send.push_back(s.a.frame(1, 2));
    s.round();
    REQUIRE(watcher.received.size() == 3);
    REQUIRE(s.pool->free() == s.pool->size());
}

TEST_CASE("frames of one turn go their ways in the order they came, and nobody gets another's") {
    Setup s{access(5), access(5), wire};
    s.b.to_send.push_back(s.b.frame(2, switch_port::everybody));
    s.c.to_send.push_back(s.c.frame(3, switch_port::everybody, 5));
    s.round();
    s.b.received.clear();
    s.c.received.clear();
    for (u8 const to : std::to_array<u8>({2, 2, 3, 3, 2, 2, 2, 3}))
        s.a.to_send.push_back(s.a.frame(1, to));
    s.round();
    REQUIRE(s.b.received == std::vector(5, switch_port::bytes(1, 2)));
    REQUIRE(s.c.received == std::vector(3, switch_port::bytes(1, 3, 5)));
    for (u8 const to : std::to_array<u8>({1, 2, 1, 1}))
        s.c.to_send.push_back(s.c.frame(3, to, 5));
    s.round();
    REQUIRE(s.a.received.size() == 1 + 1 + 3);  // the first two were flooded
    REQUIRE(s.b.received.size() == 5 + 1);
    REQUIRE(s.b.received.back() == switch_port::bytes(3, 2));
}

TEST_CASE("a frame that cannot be changed for want of a buffer is counted at the port it was for") {
    Setup s{access(5), wire, access(0)};
    s.a.to_send.push_back(s.a.frame(1, switch_port::everybody));
    std::vector<nic::PacketRef> hoard;
    while (auto packet = s.pool->take())
        hoard.push_back(std::move(packet));
    s.round();
    REQUIRE(s.b.lost == 1);
    REQUIRE(s.b.received.empty());
}

TEST_CASE("NB-13 who sends a frame now and then does not wait for who sends many") {
    Setup s{access(0), access(0), access(0)};
    auto& loud = s.a;
    auto& quiet = s.b;
    auto const send = [&](switch_port::Recorder& from, u32 frames) {
        for (u32 i = 0; i < frames; ++i)
            from.to_send.push_back(from.frame(static_cast<u8>(from.id.raw() + 1), 9));
    };
    send(loud, 200);
    send(quiet, 1);
    s.round();  // now they compete
    auto const rest = loud.to_send.size();
    u32 answered = 0;
    for (u32 round = 0; round < 20; ++round) {
        send(quiet, 1);
        s.net_switch.wake(quiet.id);
        s.net_switch.round(1);
        answered += quiet.to_send.empty() ? 1 : 0;
    }
    REQUIRE(answered == 20);
    // Twenty frames of the one are two shares of the other and a half.
    REQUIRE(rest - loud.to_send.size() >= 2 * net::Shares::share_frames);
    REQUIRE(rest - loud.to_send.size() <= 3 * net::Shares::share_frames);
}

TEST_CASE("a port that brings far more than others take is left alone for a while") {
    Setup s{{.vlans = {}, .shares = false}, access(0), access(0)};
    s.b.to_send.push_back(s.b.frame(2, 9));  // so that its place is known
    s.round();
    s.b.slow = true;
    constexpr auto turn = net::Shares::long_turn;
    for (unsigned i = 0; i < 3 * turn; ++i)
        s.a.to_send.push_back(s.a.frame(1, 2));
    s.round();
    REQUIRE_FALSE(s.net_switch.busy());
    REQUIRE(s.a.to_send.size() == 2 * turn);
    s.b.slow = false;
    s.net_switch.round(s.net_switch.next_retry());
    REQUIRE(s.net_switch.busy());
    REQUIRE(s.a.to_send.size() == turn);
    REQUIRE(s.b.received.size() == turn);
}

TEST_CASE("a card is told the networks of guests' interfaces, as they come and go") {
    bridge::Vlans several{bridge::VlanId{1}};
    several.add_tagged(bridge::VlanId{7});
    Setup s{{.vlans = bridge::Vlans::trunk(), .shares = false}, access(5), {several}};
    REQUIRE(s.a.networks == (nic::Vlans{}.set(1).set(5).set(7)));
    s.net_switch.detach(s.c.id);
    REQUIRE(s.a.networks == nic::Vlans{}.set(5));
    s.net_switch.detach(s.b.id);
    REQUIRE(s.a.networks.none());
    s.net_switch.detach(s.a.id);
}

TEST_CASE("once a second every port is asked for events anew, as one may have got lost") {
    Setup s{access(0), access(0), wire};
    s.round();
    s.net_switch.round(1);
    u32 const before = s.a.armed;
    s.net_switch.round(1);
    REQUIRE(s.a.armed == before);
    s.net_switch.tick(1);
    s.net_switch.round(1);
    REQUIRE(s.a.armed == before + 1);
    REQUIRE(s.c.armed == before + 1);
}

TEST_CASE("a port that wants to be polled should no event come is, and not before") {
    Setup s{access(0), access(0), wire};
    s.round();
    s.a.look_at = 50;
    s.net_switch.tick(10);
    s.a.to_send.push_back(s.a.frame(1, 2));
    s.net_switch.round(10);
    REQUIRE(s.net_switch.next_retry() == 50);
    REQUIRE(s.b.received.empty());
    s.net_switch.round(50);
    REQUIRE(s.b.received.size() == 1);
}

// SPDX-License-Identifier: MIT
// A guest's interface behind a card, one in front of it, and the wire.
#include "dom0/net/switch/residence.hpp"

#include <catch2/catch_test_macros.hpp>

#include "dom0/net/switch/stay.hpp"
#include "drivers/io/dma.hpp"
#include "tests/host/net/card.hpp"

using nic::Mac;

namespace {

constexpr Mac everybody{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
constexpr Mac behind{{2, 0, 0, 0, 0, 7}};
constexpr Mac in_front{{2, 0, 0, 0, 0, 8}};
constexpr Mac outside{{2, 0, 0, 0, 0, 9}};

std::vector<std::byte> bytes_for(Mac to, Mac from) {
    std::vector<std::byte> bytes(60);
    std::memcpy(bytes.data(), to.octets.data(), 6);
    std::memcpy(bytes.data() + 6, from.octets.data(), 6);
    return bytes;
}

// A guest's port: what it gets, and what it will send.
struct Guest final : net::Port {
    std::vector<nic::PacketRef> sending;
    unsigned got = 0;

    Polled poll(std::span<nic::PacketRef> into, u64, Nanos) override {
        u32 const count = static_cast<u32>(sending.size());
        std::ranges::move(sending, into.begin());
        sending.clear();
        return {count, false};
    }
    u32 enqueue(std::span<nic::PacketRef> frames) override {
        got += static_cast<unsigned>(frames.size());
        return 0;
    }
    void count_lost() override {}
    bool flush(Nanos) override { return false; }
    bool arm() override { return false; }
    Nanos tick(Nanos) override { return 0; }
};

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(64));
    net::Switch net_switch{*pool};
    net::Cards cards;
    devices::Card* card = nullptr;
    net::PortId card_id{};
    Guest far, near;
    net::PortId far_id = *net_switch.attach(far, {{}, behind});
    net::PortId near_id = *net_switch.attach(near, {{}, in_front});
    io::DmaMemory memory = *io::DmaMemory::allocate(8 * page_size);
    std::unique_ptr<net::Residence> residence;
    std::array<nic::Filled, 8> filled;

    Setup() {
        auto owned = std::make_unique<devices::Card>(*pool);
        card = owned.get();
        auto port = std::make_unique<net::NicPort>(std::move(owned), *pool);
        card_id = *net_switch.attach(*port, {bridge::Vlans::trunk()});
        cards.add(card_id, std::move(port));
        run();
    }
    void move_in() {
        auto home = *cards.house({behind, 1518}, [] {});
        residence = std::move(home.residence);
        for (u32 i = 0; i < 8; ++i)
            residence->queue().post(std::array{memory.maddr() + i * page_size});
        REQUIRE(net_switch.settle(far_id, behind, home.card, *residence));
        residence->queue().steer();
    }
    void send(Guest& guest, net::PortId id, Mac to, Mac from) {
        auto packet = pool->take();
        auto const bytes = bytes_for(to, from);
        packet->length = 60;
        std::ranges::copy(bytes, packet->data);
        guest.sending.push_back(std::move(packet));
        net_switch.wake(id);
        run();
    }
    void wire(Mac to, Mac from) {
        card->wire(bytes_for(to, from));
        net_switch.wake(card_id);
        run();
    }
    void run() {
        do
            net_switch.round(1);
        while (net_switch.busy());
    }
    u32 delivered() { return residence->queue().completed(filled); }
};

}  // namespace

TEST_CASE("guests in front of a card reach one behind it through the card") {
    Setup s;
    s.move_in();
    s.send(s.near, s.near_id, behind, in_front);
    REQUIRE(s.delivered() == 1);
    REQUIRE(s.far.got == 0);
    REQUIRE(s.card->sent.empty());
    s.send(s.far, s.far_id, in_front, behind);
    REQUIRE(s.near.got == 1);
}

TEST_CASE("a broadcast reaches everybody once, wherever it comes from") {
    Setup s;
    s.move_in();
    s.wire(everybody, outside);
    REQUIRE(s.delivered() == 1);
    REQUIRE((s.near.got == 1 && s.far.got == 0));
    s.send(s.near, s.near_id, everybody, in_front);
    REQUIRE(s.delivered() == 1);
    REQUIRE(s.card->sent.size() == 1);
    s.send(s.far, s.far_id, everybody, behind);
    REQUIRE(s.delivered() == 0);
    REQUIRE(s.near.got == 2);
    REQUIRE(s.card->sent.size() == 2);
}

TEST_CASE("what came before the queue was steered to is brought there by the card") {
    Setup s;
    s.card->wire(bytes_for(behind, outside));
    s.move_in();
    s.net_switch.wake(s.card_id);
    s.run();
    REQUIRE(s.delivered() == 1);
    REQUIRE(s.card->sent.empty());
}

TEST_CASE("what the guest sends to the wire leaves by its own queue") {
    Setup s;
    s.move_in();
    s.send(s.far, s.far_id, outside, behind);
    REQUIRE(s.card->sent.size() == 1);
    REQUIRE(s.residence->queue().counters().tx_packets == 1);
}

TEST_CASE("after moving out frames come by the switch again, and nothing counted is forgotten") {
    Setup s;
    s.move_in();
    s.wire(behind, outside);
    s.send(s.far, s.far_id, outside, behind);
    REQUIRE(s.residence->queue().retire() == 7U);
    s.net_switch.move_out(s.far_id);
    REQUIRE(s.delivered() == 1);
    s.residence.reset();
    s.wire(behind, outside);
    REQUIRE(s.far.got == 1);
    s.cards.for_each([](net::NicPort const& port) {
        REQUIRE(port.counters().rx_packets == 2);
        REQUIRE(port.counters().tx_packets == 1);
    });
}

TEST_CASE("a station has one home, and there are as many as the cards have queues") {
    Setup s;
    s.card->stations = 2;
    s.move_in();
    REQUIRE(s.cards.house({behind, 1518}, [] {}).error() == Errno::exist);
    auto second = s.cards.house({in_front, 1518}, [] {});
    REQUIRE(second);
    REQUIRE(s.cards.house({outside, 1518}, [] {}).error() == Errno::busy);
    REQUIRE(s.cards.own_queues() == 2);
}

TEST_CASE("who leaves a card gets its frames by the switch, and the card's queue is free") {
    Setup s;
    s.card->stations = 1;
    auto stay = std::move(*net::Stay::seek(s.net_switch, s.cards, s.far_id, {behind, 1518}));
    stay->queue().post(std::array{s.memory.maddr()});
    s.wire(behind, outside);
    REQUIRE(s.far.got == 1);
    REQUIRE(stay->settle());
    s.wire(behind, outside);
    REQUIRE(s.far.got == 1);
    REQUIRE(stay->leave() == 0U);
    s.wire(behind, outside);
    REQUIRE(s.far.got == 2);
    stay.reset();
    REQUIRE(net::Stay::seek(s.net_switch, s.cards, s.near_id, {in_front, 1518}));
}

TEST_CASE("a station that is not pinned to its port has no stay") {
    Setup s;
    REQUIRE(net::Stay::seek(s.net_switch, s.cards, s.far_id, {outside, 1518}).error() == Errno::opnotsupp);
    REQUIRE(net::Stay::seek(s.net_switch, s.cards, s.near_id, {in_front, 1518}));
}

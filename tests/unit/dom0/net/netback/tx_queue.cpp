// SPDX-License-Identifier: MIT
// The way from a guest, against a ring page and grants that misbehave.
#include "dom0/net/netback/tx_queue.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/host/net/guest_ring.hpp"

using namespace netback;

namespace {

struct Setup {
    guest::TxRing page;
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(128));
    Counters counters;
    TxQueue queue{page.bytes.data(), {DomId{7}, guest::copy}, *pool, counters};
    std::array<nic::PacketRef, TxQueue::batch> into;

    Setup() {
        guest::pages.clear();
        guest::failing.clear();
        guest::batches = 0;
        for (u32 ref = 1; ref <= 300; ++ref)
            guest::pages[ref].fill(std::byte{static_cast<u8>(ref)});
    }
    void send(u16 size, u16 id, u32 ref = 1, u16 flags = 0) {
        page.request({.gref = ref, .offset = 0, .flags = flags, .id = id, .size = size});
    }
};

}  // namespace

TEST_CASE("a batch of frames is copied with one hypercall and answered in order") {
    Setup s;
    for (u16 i = 0; i < 40; ++i)
        s.send(1514, i, 1U + i);
    auto const polled = s.queue.poll(s.into);
    REQUIRE(polled->packets == 40);
    REQUIRE(polled->notify);
    REQUIRE(guest::batches == 1);
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 40);
    for (u16 i = 0; i < 40; ++i) {
        REQUIRE(responses[i].id == i);
        REQUIRE(responses[i].status == NETIF_RSP_OKAY);
        REQUIRE(s.into[i]->length == 1514);
        REQUIRE(s.into[i]->data[1513] == std::byte{static_cast<u8>(i + 1)});
    }
}

TEST_CASE("NB-01 a producer further ahead than the ring is long is an error, not work") {
    Setup s;
    s.page.indexes().req_prod = 257;
    REQUIRE(s.queue.poll(s.into).error() == Errno::range);
    REQUIRE(s.queue.arm().error() == Errno::range);
}

TEST_CASE("NB-01 one poll takes no more than its budget of packets") {
    Setup s;
    for (u16 i = 0; i < 256; ++i)
        s.send(60, i);
    REQUIRE(s.queue.poll(s.into)->packets == TxQueue::batch);
    REQUIRE(s.page.responses().size() == TxQueue::batch);
}

TEST_CASE("NB-03 a refused chain gets one response a slot, extra info one of its own kind") {
    Setup s;
    s.send(100, 4, 1, NETTXF_extra_info | NETTXF_more_data);
    s.page.request({});
    s.send(50, 5, 2);
    auto const polled = s.queue.poll(s.into);
    REQUIRE(polled->packets == 0);
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 3);
    REQUIRE(responses[0].status == NETIF_RSP_ERROR);
    REQUIRE(responses[1].status == NETIF_RSP_NULL);
    REQUIRE(responses[2].id == 5);
    REQUIRE(responses[2].status == NETIF_RSP_ERROR);
    REQUIRE(s.counters.dropped(Drop::bad_extra) == 1);
}

TEST_CASE("NB-06 ids are echoed whatever they are") {
    Setup s;
    for (u16 id : {u16{0}, u16{255}, u16{65535}, u16{255}})
        s.send(60, id);
    REQUIRE(s.queue.poll(s.into)->packets == 4);
    auto const responses = s.page.responses();
    REQUIRE(responses[2].id == 65535);
    REQUIRE(responses[3].id == 255);
}

TEST_CASE("NB-07 any operation of a batch may fail and only its packet is lost") {
    for (usize k = 0; k < 6; ++k) {
        Setup s;
        for (u16 i = 0; i < 3; ++i) {
            s.send(200, static_cast<u16>(2 * i), 1, NETTXF_more_data);
            s.send(100, static_cast<u16>(2 * i + 1), 2);
        }
        guest::failing = {k};
        usize const free = s.pool->free();
        REQUIRE(s.queue.poll(s.into)->packets == 2);
        REQUIRE(s.pool->free() == free - 2);
        auto const responses = s.page.responses();
        REQUIRE(responses.size() == 6);
        for (usize i = 0; i < 6; ++i)
            REQUIRE((responses[i].status == NETIF_RSP_ERROR) == (i / 2 == k / 2));
        REQUIRE(s.counters.dropped(Drop::grant_refused) == 1);
    }
}

TEST_CASE("NB-07 a grant that does not exist costs one packet") {
    Setup s;
    s.send(60, 1, 9999);
    REQUIRE(s.queue.poll(s.into)->packets == 0);
    REQUIRE(s.page.responses()[0].status == NETIF_RSP_ERROR);
}

TEST_CASE("NB-11 what is no frame never becomes a packet") {
    Setup s;
    s.send(13, 1);
    s.send(1519, 2);
    s.send(100, 3, 1, NETTXF_csum_blank);  // neither TCP nor UDP
    REQUIRE(s.queue.poll(s.into)->packets == 0);
    REQUIRE(s.counters.dropped(Drop::too_short) == 1);
    REQUIRE(s.counters.dropped(Drop::too_long) == 1);
    REQUIRE(s.counters.dropped(Drop::bad_checksum_place) == 1);
    REQUIRE(s.pool->free() == s.pool->size());
}

TEST_CASE("NB-12 a short frame is padded with zeros, not with what was in the buffer") {
    Setup s;
    s.send(1514, 1, 200);
    REQUIRE(s.queue.poll(s.into)->packets == 1);
    s.into[0].reset();  // its buffer is the next to be used
    s.send(20, 2, 3);
    REQUIRE(s.queue.poll(s.into)->packets == 1);
    REQUIRE(s.into[0]->length == nic::min_frame);
    for (usize i = 20; i < nic::min_frame; ++i)
        REQUIRE(s.into[0]->data[i] == std::byte{0});
}

TEST_CASE("with no buffer left frames are dropped and still answered") {
    Setup s;
    std::vector<nic::PacketRef> held;
    while (auto packet = s.pool->take())
        held.push_back(std::move(packet));
    s.send(60, 1);
    REQUIRE(s.queue.poll(s.into)->packets == 0);
    REQUIRE(s.page.responses()[0].status == NETIF_RSP_DROPPED);
}

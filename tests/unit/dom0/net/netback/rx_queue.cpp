// SPDX-License-Identifier: MIT
// The way to a guest that posts pages slowly, wrongly, or never.
#include "dom0/net/netback/rx_queue.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cstring>

#include "dom0/net/netback/grant_copies.hpp"
#include "drivers/net/pool.hpp"
#include "tests/host/net/guest_ring.hpp"

using namespace netback;

namespace {

struct Setup {
    guest::RxRing page;
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(1024));
    Counters counters;
    GrantCopies copies{{DomId{7}, guest::copy}};
    RxQueue queue{page.bytes.data(), copies, *pool, counters};

    Setup() {
        guest::pages.clear();
        guest::failing.clear();
        for (u32 ref = 1; ref <= 300; ++ref)
            guest::pages[ref] = {};
    }
    void post(u32 count) {
        for (u32 i = 0; i < count; ++i)
            page.request({.id = static_cast<u16>(page.indexes().req_prod),
                          .pad = 0,
                          .gref = 1 + page.indexes().req_prod});
    }
    nic::PacketRef large(u32 bytes) {
        auto packet = pool->take();
        packet->segment_bytes = 1448;
        packet->checksum = nic::Checksum::blank;
        for (u32 left = bytes; left != 0;) {
            if (packet->last().length == nic::buffer_bytes)
                packet->append(pool->take());
            u32 const count = std::min<u32>(left, nic::buffer_bytes);
            packet->grow(static_cast<u16>(count));
            left -= count;
        }
        return packet;
    }
    void enqueue(u32 count) {
        for (u32 i = 0; i < count; ++i) {
            auto packet = pool->take();
            packet->length = 100;
            packet->data[0] = std::byte{static_cast<u8>(i)};
            queue.enqueue(std::move(packet));
        }
    }
};

// A guest that spoils its whole ring when its pages are being filled.
guest::RxRing* spoiled = nullptr;

Result<> copy_and_spoil(std::span<gnttab_copy_t> ops) {
    std::memset(spoiled->slot(0), 0x5a, page_size - 64);
    return guest::copy(ops);
}

}  // namespace

TEST_CASE("frames land in posted pages in the order of the requests") {
    Setup s;
    s.post(10);
    s.enqueue(3);
    REQUIRE(*s.queue.flush(1));
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 3);
    for (u16 i = 0; i < 3; ++i) {
        REQUIRE(responses[i].id == i);
        REQUIRE(responses[i].status == 100);
        REQUIRE(guest::pages[1U + i][0] == std::byte{static_cast<u8>(i)});
    }
    REQUIRE(s.pool->free() == s.pool->size());
}

TEST_CASE("NB-01 a ring of the guest that makes no sense is an error") {
    Setup s;
    s.enqueue(1);
    s.page.indexes().req_prod = 1000;
    REQUIRE(s.queue.flush(1).error() == Errno::range);
}

TEST_CASE("NB-02 the pages that are filled and answered are those that were posted at first") {
    Setup s;
    spoiled = &s.page;
    GrantCopies copies{{DomId{7}, copy_and_spoil}};
    RxQueue queue{s.page.bytes.data(), copies, *s.pool, s.counters};
    s.post(4);
    queue.enqueue(s.large(6000));
    auto small = s.pool->take();
    small->length = 100;
    small->data[0] = std::byte{0x77};
    queue.enqueue(std::move(small));
    REQUIRE(*queue.flush(1));
    spoiled = nullptr;
    REQUIRE(guest::pages[4][0] == std::byte{0x77});
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 4);
    for (u16 const i : {u16{0}, u16{2}, u16{3}})  // the second is extra info
        REQUIRE(responses[i].id == i);
    REQUIRE(responses[3].status == 100);
}

TEST_CASE("NB-07 a page that cannot be written costs one frame and is answered") {
    Setup s;
    s.post(3);
    s.enqueue(3);
    guest::failing = {1};
    REQUIRE(*s.queue.flush(1));
    auto const responses = s.page.responses();
    REQUIRE(responses[0].status == 100);
    REQUIRE(responses[1].status == NETIF_RSP_ERROR);
    REQUIRE(responses[2].status == 100);
}

TEST_CASE("a large frame takes a page a buffer, and a slot that says how to cut it") {
    Setup s;
    s.post(10);
    s.queue.enqueue(s.large(10'000));
    s.enqueue(1);
    REQUIRE(*s.queue.flush(1));
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 5);
    REQUIRE(responses[0].status == 4096);
    REQUIRE(responses[0].flags ==
            (NETRXF_csum_blank | NETRXF_data_validated | NETRXF_extra_info | NETRXF_more_data));
    netif_extra_info_t extra;
    std::memcpy(&extra, &responses[1], sizeof extra);
    REQUIRE(extra.type == XEN_NETIF_EXTRA_TYPE_GSO);
    REQUIRE(extra.u.gso.type == XEN_NETIF_GSO_TYPE_TCPV4);
    REQUIRE(extra.u.gso.size == 1448);
    REQUIRE(extra.flags == 0);
    REQUIRE(responses[2].id == 2);
    REQUIRE(responses[2].flags == NETRXF_more_data);
    REQUIRE(responses[3].id == 3);
    REQUIRE(responses[3].flags == 0);
    REQUIRE(responses[3].status == 10'000 - 2 * 4096);
    REQUIRE(responses[4].status == 100);
    REQUIRE(s.pool->free() == s.pool->size());
}

TEST_CASE("NB-07 a large frame of which one page cannot be written is an error in each slot") {
    Setup s;
    s.post(4);
    s.queue.enqueue(s.large(10'000));
    guest::failing = {2};
    REQUIRE(*s.queue.flush(1));
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 4);
    for (u16 i = 0; i < 4; ++i) {
        REQUIRE(responses[i].id == i);
        REQUIRE(responses[i].flags == 0);
        REQUIRE(responses[i].status == NETIF_RSP_ERROR);
    }
}

TEST_CASE("NB-09 a frame waits until there are pages for all of it, and asks for so many") {
    Setup s;
    s.queue.enqueue(s.large(10'000));
    s.post(3);
    REQUIRE_FALSE(*s.queue.flush(1));
    REQUIRE_FALSE(*s.queue.arm());
    REQUIRE(s.page.indexes().req_event == 4);
    REQUIRE_FALSE(*s.queue.flush(1 + RxQueue::stall_limit));
    REQUIRE(s.queue.stalled());
    s.post(1);
    REQUIRE(*s.queue.flush(2 + RxQueue::stall_limit));
    REQUIRE(s.page.responses().size() == 4);
}

TEST_CASE("NB-09 slow guests share what the pool has left") {
    Setup s;
    std::vector<nic::PacketRef> held;
    while (s.pool->free() > 32)
        held.push_back(s.pool->take());
    s.enqueue(30);
    REQUIRE(s.pool->free() > 16);
    s.queue.enqueue(s.large(40'000));
    REQUIRE(s.queue.waiting() == 1);
}

TEST_CASE("NB-09 waiting frames are bounded and the oldest goes first") {
    Setup s;
    s.enqueue(RxQueue::backlog_size + 5);
    REQUIRE(s.queue.waiting() == RxQueue::backlog_size);
    REQUIRE(s.counters.dropped(Drop::guest_slow) == 5);
    s.post(1);
    REQUIRE(*s.queue.flush(1));
    REQUIRE(guest::pages[1][0] == std::byte{5});
}

TEST_CASE("NB-09 a guest that posts nothing holds one buffer, and recovers") {
    Setup s;
    s.enqueue(20);
    REQUIRE_FALSE(*s.queue.flush(1));
    REQUIRE_FALSE(*s.queue.flush(1 + RxQueue::stall_limit));
    REQUIRE(s.queue.stalled());
    REQUIRE(s.queue.waiting() == 1);
    s.enqueue(20);
    REQUIRE(s.queue.waiting() == 1);
    s.post(5);
    REQUIRE(*s.queue.flush(2 + RxQueue::stall_limit));
    REQUIRE_FALSE(s.queue.stalled());
    s.enqueue(4);
    REQUIRE(s.queue.waiting() == 4);
}

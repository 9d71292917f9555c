// SPDX-License-Identifier: MIT
// Batches that somebody else brings: what happens to the queues meanwhile.
#include "dom0/net/netback/helped_copies.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <optional>

#include "dom0/net/helpers/job_line.hpp"
#include "dom0/net/netback/rx_queue.hpp"
#include "dom0/net/netback/tx_queue.hpp"
#include "drivers/net/pool.hpp"
#include "tests/host/net/guest_ring.hpp"

using namespace netback;

namespace {

constexpr EvtchnPort reply{11};

// Works when it is told to.
struct Slow final : helpers::Helper {
    helpers::JobLine<helpers::CopyJob> line;
    std::vector<EvtchnPort> told;
    bool full = false;

    bool take(helpers::CopyJob& job) override { return !full && line.give(job); }
    void wait_for(helpers::CopyJob const& job) override {
        while (!job.done())
            work();
    }
    void work() {
        while (auto* const job = line.take())
            if (auto const port = job->finish(guest::copy))
                told.push_back(*port);
    }
};

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(1024));
    Counters counters;
    std::shared_ptr<Slow> helper = std::make_shared<Slow>();

    Setup() {
        guest::pages.clear();
        guest::failing.clear();
        for (u32 ref = 1; ref <= 300; ++ref)
            guest::pages[ref].fill(std::byte{static_cast<u8>(ref)});
    }
};

struct Incoming : Setup {
    guest::RxRing page;
    RxQueue queue;
    HelpedCopies copies{{DomId{7}, guest::copy}, reply};  // goes before the queue

    Incoming() : queue{page.bytes.data(), copies, *pool, counters} { copies.use(helper); }
    void post(u32 count) {
        for (u32 i = 0; i < count; ++i)
            page.request({.id = static_cast<u16>(page.indexes().req_prod),
                          .pad = 0,
                          .gref = 1 + page.indexes().req_prod});
    }
    void enqueue(u32 count) {
        for (u32 i = 0; i < count; ++i) {
            auto packet = pool->take();
            packet->length = 100;
            packet->data[0] = std::byte{static_cast<u8>(next++)};
            queue.enqueue(std::move(packet));
        }
    }
    // Of a guest that wants to hear of the next response.
    bool flush() {
        page.indexes().rsp_event = page.indexes().rsp_prod + 1;
        return *queue.flush(++now);
    }
    u32 next = 0;
    Nanos now = 0;
};

struct Outgoing : Setup {
    guest::TxRing page;
    MulticastFilter groups;
    policy::Policy policy;
    TxQueue queue;
    HelpedCopies copies{{DomId{7}, guest::copy}, reply};
    std::array<nic::PacketRef, TxQueue::batch> into;

    Outgoing() : queue{page.bytes.data(), copies, {nic::frame_bytes(1500), *pool, groups, policy, counters}} {
        copies.use(helper);
    }
    auto poll(usize most = TxQueue::batch) {
        return queue.poll(std::span{into}.first(most), std::numeric_limits<u64>::max());
    }
    void send(u32 count) {
        for (u32 i = 0; i < count; ++i)
            page.request({.gref = 1 + page.indexes().req_prod % 300,
                          .offset = 0,
                          .flags = 0,
                          .id = static_cast<u16>(page.indexes().req_prod),
                          .size = 60});
    }
};

}  // namespace

TEST_CASE("frames are answered for when the helper has brought them, and not before") {
    Incoming s;
    s.post(10);
    s.enqueue(3);
    REQUIRE_FALSE(s.flush());
    REQUIRE(s.page.responses().empty());
    REQUIRE(s.queue.busy());
    REQUIRE_FALSE(*s.queue.arm());
    s.helper->work();
    REQUIRE(s.helper->told == std::vector{reply});
    REQUIRE(s.flush());
    REQUIRE(s.page.responses().size() == 3);
    REQUIRE(guest::pages[3][0] == std::byte{2});
    REQUIRE_FALSE(s.queue.busy());
    REQUIRE(s.pool->free() == s.pool->size());
}

TEST_CASE("who asks to be told of what is there already is answered at once") {
    Incoming s;
    s.post(10);
    s.enqueue(1);
    REQUIRE_FALSE(s.flush());
    s.helper->work();
    REQUIRE(*s.queue.arm());
    REQUIRE(s.helper->told.empty());
}

TEST_CASE("what comes while frames are on their way goes with the next batch, in order") {
    Incoming s;
    s.post(10);
    s.enqueue(2);
    REQUIRE_FALSE(s.flush());
    s.enqueue(3);
    s.helper->work();
    REQUIRE(s.flush());
    REQUIRE(s.page.responses().size() == 2);
    s.helper->work();
    REQUIRE(s.flush());
    REQUIRE(s.page.responses().size() == 3);
    for (u32 i = 0; i < 5; ++i)
        REQUIRE(guest::pages[1 + i][0] == std::byte{static_cast<u8>(i)});
}

TEST_CASE("NB-09 frames on their way are not dropped, and count among those that wait") {
    Incoming s;
    s.post(256);
    s.enqueue(RxQueue::backlog_size);
    REQUIRE_FALSE(s.flush());
    s.enqueue(10);
    REQUIRE(s.queue.waiting() == 0);
    REQUIRE(s.counters.dropped(Drop::guest_slow) == 10);
    s.helper->work();
    REQUIRE(s.flush());
    REQUIRE(s.page.responses().size() == RxQueue::backlog_size);
    REQUIRE(guest::pages[1][0] == std::byte{0});
    s.enqueue(1);
    REQUIRE(s.queue.waiting() == 1);
}

TEST_CASE("NB-09 frames dropped behind those on their way leave these alone") {
    Incoming s;
    s.post(100);
    s.enqueue(RxQueue::backlog_size);
    REQUIRE_FALSE(s.flush());
    s.enqueue(10);
    REQUIRE(s.counters.dropped(Drop::guest_slow) == 10);
    s.helper->work();
    REQUIRE(s.flush());
    REQUIRE(s.page.responses().size() == 100);
    for (u32 i = 0; i < 100; ++i)
        REQUIRE(guest::pages[1 + i][0] == std::byte{static_cast<u8>(i)});
}

TEST_CASE("NB-07 a page that the helper cannot write costs one frame and is answered") {
    Incoming s;
    s.post(3);
    s.enqueue(3);
    guest::failing = {1};
    REQUIRE_FALSE(s.flush());
    s.helper->work();
    REQUIRE(s.flush());
    REQUIRE(s.page.responses()[1].status == NETIF_RSP_ERROR);
    REQUIRE(s.counters.rx_packets == 2);
}

TEST_CASE("without a helper, or with one that is busy, copies are made at once") {
    Incoming s;
    s.post(4);
    s.helper->full = true;
    s.enqueue(1);
    REQUIRE(s.flush());
    s.copies.use({});
    s.enqueue(1);
    REQUIRE(s.flush());
    REQUIRE(s.page.responses().size() == 2);
}

TEST_CASE("another way of copying is for the next batch: the one under way is answered") {
    Incoming s;
    GrantCopies at_once{{DomId{7}, guest::copy}};
    s.post(4);
    s.enqueue(1);
    REQUIRE_FALSE(s.flush());
    s.queue.use(at_once);
    s.copies.use({});
    s.enqueue(1);
    REQUIRE_FALSE(s.flush());
    s.helper->work();
    REQUIRE(s.flush());
    REQUIRE(s.page.responses().size() == 2);
    s.queue.use(s.copies);
}

TEST_CASE("what a helper has is waited for before it goes") {
    std::optional<Incoming> s{std::in_place};
    s->post(4);
    s->enqueue(2);
    REQUIRE_FALSE(s->flush());
    s.reset();
    REQUIRE(guest::pages[2][0] == std::byte{1});
}

TEST_CASE("what a guest sends is forwarded when the helper has brought it, while the next comes") {
    Outgoing s;
    s.send(100);
    REQUIRE(s.poll()->slots == 0);
    REQUIRE_FALSE(*s.queue.arm(1));
    s.helper->work();
    REQUIRE(s.helper->told.size() == 1);
    auto const first = s.poll();
    REQUIRE(first->packets == TxQueue::batch);
    REQUIRE(first->slots == TxQueue::batch);
    REQUIRE(s.queue.unseen().ready != 0);
    REQUIRE(s.into[63]->data[0] == std::byte{64});
    s.helper->work();
    REQUIRE(s.poll()->packets == 36);
    auto const responses = s.page.responses();
    REQUIRE(responses.size() == 100);
    for (u16 i = 0; i < 100; ++i)
        REQUIRE(responses[i].id == i);
}

TEST_CASE("a shorter turn than the batch was begun in takes the rest later") {
    Outgoing s;
    s.send(64);
    REQUIRE(s.poll()->packets == 0);
    s.helper->work();
    for (u32 turn = 0; turn < 8; ++turn) {
        REQUIRE(s.poll(8)->packets == 8);
        REQUIRE(s.into[7]->data[0] == std::byte{static_cast<u8>(turn * 8 + 8)});
    }
    REQUIRE(s.poll(8)->slots == 0);
    REQUIRE(s.page.responses().size() == 64);
}

TEST_CASE("NB-07 a page that the helper cannot read costs one packet") {
    Outgoing s;
    s.send(3);
    guest::failing = {0};
    REQUIRE(s.poll()->packets == 0);
    s.helper->work();
    REQUIRE(s.poll()->packets == 2);
    REQUIRE(s.page.responses()[0].status == NETIF_RSP_ERROR);
}

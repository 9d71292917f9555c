// SPDX-License-Identifier: MIT
// Who gets the queues of cards.
#include "dom0/net/switch/queue_shares.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck.h>

#include <algorithm>

using net::QueueShares;

namespace {

// Interfaces with constant loads, whose moves are made.
struct Setup {
    QueueShares shares;
    std::vector<QueueShares::Candidate> vifs;
    std::vector<u64> loads;
    u32 queues;
    unsigned moves = 0;

    Setup(std::vector<u64> packets_a_second, u32 count) : loads{std::move(packets_a_second)}, queues{count} {
        for (u32 i = 0; i < loads.size(); ++i)
            vifs.push_back({.id = {i, 0}});
    }
    void settle() {
        while (auto const move = shares.next(vifs, queues)) {
            if (move->from)
                vifs[move->from->first].has_queue = false;
            vifs[move->to.first].has_queue = true;
            ++moves;
        }
    }
    // True: somebody moved.
    bool second() {
        unsigned const before = moves;
        for (u32 i = 0; i < loads.size(); ++i)
            vifs[i].packets += loads[i];
        shares.follow(vifs);
        settle();
        return moves != before;
    }
    void seconds(unsigned count) {
        while (count-- != 0)
            second();
    }
    [[nodiscard]] u64 with_queue() const {
        return std::ranges::count(vifs, true, &QueueShares::Candidate::has_queue);
    }
};

}  // namespace

TEST_CASE("the busiest interfaces get the queues, and keep them") {
    Setup s{{100, 50'000, 2'000, 90'000, 40'000}, 2};
    s.seconds(20);
    REQUIRE((s.vifs[1].has_queue && s.vifs[3].has_queue));
    REQUIRE(s.with_queue() == 2);
    unsigned const moves = s.moves;
    s.seconds(1000);
    REQUIRE(s.moves == moves);
}

TEST_CASE("an interface that does little is not worth a queue, even a free one") {
    Setup s{{100, 300}, 7};
    s.seconds(100);
    REQUIRE(s.with_queue() == 0);
}

TEST_CASE("a queue moves to who is twice as busy for a while, not to who is a little busier") {
    Setup s{{50'000, 60'000}, 1};
    s.seconds(10);
    s.vifs[0].has_queue = true;
    s.vifs[1].has_queue = false;
    s.seconds(100);
    REQUIRE(s.vifs[0].has_queue);
    s.loads[1] = 150'000;
    s.seconds(5);
    REQUIRE(s.vifs[1].has_queue);
}

TEST_CASE("who asks for a queue by name gets one at once, whatever its load, and keeps it") {
    Setup s{{0, 90'000, 0}, 1};
    s.seconds(10);
    REQUIRE(s.vifs[1].has_queue);
    s.vifs[0].by_name = true;
    s.settle();
    REQUIRE(s.vifs[0].has_queue);
    s.vifs[2].by_name = true;
    s.seconds(100);
    REQUIRE(s.vifs[0].has_queue);
    REQUIRE(s.with_queue() == 1);
}

TEST_CASE("nobody is given a queue where there is none") {
    Setup s{{90'000, 90'000}, 0};
    s.vifs[0].by_name = true;
    s.seconds(10);
    REQUIRE(s.with_queue() == 0);
}

TEST_CASE("an interface that is gone, or another of its number, is no busy one") {
    Setup s{{90'000, 0}, 1};
    s.seconds(2);
    REQUIRE(s.vifs[0].has_queue);
    s.vifs[0] = {.id = {0, 0}};
    s.loads[0] = 0;
    REQUIRE_FALSE(s.second());
    s.vifs.pop_back();
    s.loads.pop_back();
    REQUIRE_FALSE(s.second());
}

TEST_CASE("with constant loads moves end, whatever the loads are") {
    CHECK(rc::check([] {
        auto const loads = *rc::gen::container<std::vector<u64>>(12, rc::gen::inRange<u64>(0, 200'000));
        Setup s{loads, *rc::gen::inRange<u32>(0, 8)};
        s.seconds(100);
        unsigned const moves = s.moves;
        s.seconds(50);
        RC_ASSERT(s.moves == moves);
        RC_ASSERT(s.with_queue() <= s.queues);
    }));
}

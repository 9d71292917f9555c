// SPDX-License-Identifier: MIT
#include "dom0/net/netback/backlog.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <deque>
#include <memory>

#include "drivers/net/pool.hpp"

using netback::Backlog;

namespace {

constexpr u8 loud = 3, quiet = 4, other = 5;

struct Setup {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(1024));
    Backlog backlog;

    void push(u8 sender, u16 number = 0) {
        auto frame = pool->take();
        frame->sender = sender;
        frame->length = number;
        backlog.push(std::move(frame));
    }
    u32 waiting_of(u8 sender) const {
        u32 count = 0;
        for (u32 i = 0; i < backlog.waiting(); ++i)
            count += backlog.at(i).sender == sender ? 1 : 0;
        return count;
    }
};

}  // namespace

TEST_CASE("NB-13 who floods drops its own frames, wherever others' stand") {
    Setup s;
    s.push(quiet);
    while (s.backlog.waiting() < Backlog::size - 1)
        s.push(loud);
    s.push(other);
    for (u32 i = 0; i < 1000; ++i) {
        s.backlog.drop();
        s.push(loud);
    }
    REQUIRE(s.waiting_of(quiet) == 1);
    REQUIRE(s.waiting_of(other) == 1);
    REQUIRE(s.backlog.at(0).sender == quiet);
}

TEST_CASE("NB-13 two that flood share the places, whoever came first") {
    Setup s;
    while (s.backlog.waiting() < Backlog::size)
        s.push(loud);
    for (u32 i = 0; i < 1000; ++i) {
        s.backlog.drop();
        s.push(i % 3 == 0 ? loud : other);
    }
    REQUIRE(s.waiting_of(loud) >= Backlog::size / 2 - 2);
}

TEST_CASE("of one sender the oldest goes first") {
    Setup s;
    for (u16 i = 0; i < 10; ++i)
        s.push(loud, i);
    s.backlog.drop();
    REQUIRE(s.backlog.at(0).length == 1);
}

TEST_CASE("what is on its way stays, whatever is dropped behind it") {
    Setup s;
    for (u16 i = 0; i < Backlog::size; ++i)
        s.push(loud, i);
    s.backlog.launch(100);
    for (u32 i = 0; i < 50; ++i)
        s.backlog.drop();
    for (u16 i = 0; i < 100; ++i)
        REQUIRE(s.backlog.take_landed()->length == i);
    REQUIRE(s.backlog.at(0).length == 150);
    REQUIRE(s.backlog.buffers() == Backlog::size - 150);
}

TEST_CASE("gaps behind what is on its way are bounded") {
    Setup s;
    s.push(loud);
    s.backlog.launch(1);
    u32 dropped = 0;
    for (; !s.backlog.full(); ++dropped) {
        s.push(loud);
        s.backlog.drop();
    }
    REQUIRE(dropped == 2 * Backlog::size - 1);
    static_cast<void>(s.backlog.take_landed());
    REQUIRE_FALSE(s.backlog.full());
}

TEST_CASE("frames of one sender keep their order, and none is lost without being dropped") {
    rc::prop("in any order of steps", [](std::vector<u8> const& steps) {
        Setup s;
        std::array<u16, 3> next{};
        u32 gone = 0;
        for (u8 const step : steps) {
            if (step % 8 < 5 && s.backlog.waiting() + s.backlog.flying() < Backlog::size &&
                !s.backlog.full()) {
                u8 const sender = step % 3;
                s.push(sender, next[sender]++);
            } else if (step % 8 == 5 && s.backlog.waiting() != 0) {
                s.backlog.drop();
                ++gone;
            } else if (step % 8 == 6 && s.backlog.flying() == 0) {
                s.backlog.launch(s.backlog.waiting() / 2);
            } else if (s.backlog.flying() != 0) {
                static_cast<void>(s.backlog.take_landed());
                ++gone;
            }
        }
        std::array<s32, 3> last{-1, -1, -1};
        for (u32 i = 0; i < s.backlog.waiting(); ++i) {
            auto const& frame = s.backlog.at(i);
            RC_ASSERT(s32{frame.length} > last[frame.sender]);
            last[frame.sender] = frame.length;
        }
        RC_ASSERT(u32{next[0]} + next[1] + next[2] == gone + s.backlog.waiting() + s.backlog.flying());
    });
}

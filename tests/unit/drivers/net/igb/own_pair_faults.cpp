// SPDX-License-Identifier: MIT
// Queues that belong to stations, on a chip that lies, is reset or does not
// stop.
#include <catch2/catch_test_macros.hpp>

#include "drivers/net/igb/own_pair.hpp"
#include "tests/unit/drivers/net/igb/stations.hpp"

using namespace nic;
using namespace nic::test;

TEST_CASE("ND-1 write-backs that make no sense give pages back without a frame") {
    Setup s;
    s.post(0, 10);
    for (u64 high : {done | u64{0xffff} << 32, done, done | u64{1} << 31 | u64{60} << 32,
                     u64{1} | u64{100} << 32 /* no end, but room left */, done | u64{60} << 32 /* its end */})
        s.chip.write_back(high, 1);
    REQUIRE(s.queue->completed(s.into) == 5);
    for (u32 i = 0; i < 5; ++i)
        REQUIRE(s.into[i] == Filled{});
    REQUIRE(s.queue->counters().rx_bad == 4);
    s.queue->steer();
    s.chip.wire(frame(station));
    REQUIRE(s.queue->completed(s.into) == 1);
    REQUIRE(s.into[0].length == 60);
}

TEST_CASE("ND-1 a frame without an end is given up at the longest, whatever else the chip claims") {
    Setup s;
    s.post(0, 20);
    for (unsigned i = 0; i < 6; ++i)
        s.chip.write_back(u64{1} | u64{4096} << 32, 1);
    u32 count = 0;
    while (u32 const some = s.queue->completed(std::span{s.into}.first(3)))
        count += some;
    REQUIRE(count == 6);
    REQUIRE(s.queue->counters().rx_bad == 1);
    for (unsigned i = 6; i < 300; ++i)
        s.chip.write_back(done | u64{60} << 32, 1);  // beyond what it has
    count = 0;
    while (u32 const some = s.queue->completed(s.into))
        count += some;
    REQUIRE(count == 14);
}

TEST_CASE("ND-1 ND-3 a queue whose pages come back in a way that makes no sense has the chip reset, once") {
    Setup s;
    s.post(0, 10);
    s.queue->steer();
    s.chip.write_back(done | u64{60} << 32 | u64{1} << 31, 1);  // damaged, which is no lie
    s.chip.write_back(u64{1} | u64{100} << 32, 1);              // no end, but room left
    REQUIRE(s.queue->completed(s.into) == 2);
    s.card->tick(io::now());
    REQUIRE(s.card->counters().resets == 1);
    s.card->tick(io::now());
    REQUIRE(s.card->counters().resets == 1);
    s.chip.wire(frame(station, 90, 3));
    REQUIRE(s.queue->completed(s.into) == 1);
    REQUIRE(s.into[0].length == 90);
}

TEST_CASE("ND-3 a queue survives a reset: what was done is told, the rest is posted again in order") {
    Setup s;
    s.post(0, 10);
    s.queue->steer();
    s.chip.wire(frame(station, 70, 1));
    s.chip.wire(frame(station, 80, 2));
    s.chip.write_back(u64{1} | u64{4096} << 32, 1);  // begun, never ended
    s.wakes = 0;
    s.reset();
    REQUIRE(s.wakes >= 1);
    s.chip.wire(frame(station, 90, 3));
    REQUIRE(s.queue->completed(std::span{s.into}.first(1)) == 1);
    REQUIRE(s.into[0].length == 70);
    REQUIRE(s.queue->completed(s.into) == 2);
    REQUIRE(s.into[0].length == 80);
    REQUIRE(s.into[1].length == 90);
    REQUIRE(s.byte(2, 89) == std::byte{3});
    REQUIRE(s.queue->room() == 255 - 7);
    REQUIRE(s.queue->retire() == 7U);
}

TEST_CASE("ND-3 pages posted while the chip is down are used when it is back") {
    Setup s;
    s.queue->steer();
    s.chip.vanished = true;
    s.card->tick(io::now());
    s.post(0, 3);
    REQUIRE(s.send(*s.queue, other) == 0);
    s.chip.vanished = false;
    devices::advance_clock(60 * io::second);
    s.card->tick(io::now());
    s.chip.wire(frame(station));
    REQUIRE(s.queue->completed(s.into) == 1);
}

TEST_CASE("ND-2 a queue that shows no sign of stopping keeps its pages") {
    Setup s;
    s.post(0, 3);
    s.queue->steer();
    s.chip.never_stops = true;
    REQUIRE_FALSE(s.queue->retire());
    REQUIRE(s.queue->room() == 0);
    REQUIRE_FALSE(s.queue->retire());
}

TEST_CASE("ND-2 a card that cannot be stopped keeps the pages of every queue") {
    Setup s;
    s.post(0, 3);
    s.queue->steer();
    s.pci.bus_master_sticks = true;
    s.reset();
    REQUIRE_FALSE(s.queue->retire());
    s.pci.bus_master_sticks = false;
}

TEST_CASE("what was in flight at a reset is counted as lost") {
    Setup s;
    s.chip.sends = false;
    REQUIRE(s.send(*s.queue, other) == 1);
    usize const free = s.pool->free();
    s.reset();
    REQUIRE(s.queue->counters().tx_lost == 1);
    REQUIRE(s.pool->free() == free + 1);
}

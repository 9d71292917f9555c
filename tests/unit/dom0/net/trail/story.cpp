// SPDX-License-Identifier: MIT
// What is told of a frame's way, made of stamps and of the hypervisor's events.
#include "dom0/net/trail/story.hpp"

#include <catch2/catch_test_macros.hpp>

#include "drivers/net/pool.hpp"

namespace {

using namespace net::trail;
using bridge::PortId;
using mark::Step;
using trace::Kind;
using trace::Record;

constexpr u16 guest = 7, nobody = 0xffff;

Record event(u64 time, Kind kind, u16 domain, u64 a = 0, u32 cpu = 0) {
    return {.time = time,
            .cpu = cpu,
            .domain = domain,
            .vcpu = domain == nobody ? nobody : u16{0},
            .kind = static_cast<u64>(kind),
            .a = a,
            .b = 0};
}

u64 port_of_domain(u16 domain, u32 port) {
    return trace::of_domain(domain, port);
}

// One to the guest, by a copy.
struct Received {
    std::unique_ptr<nic::PacketPool> pool = std::move(*nic::PacketPool::create(4));
    nic::PacketRef frame = pool->take();
    Walk walk{{DomId{guest}, PortId{1}, true}};

    Received() {
        frame->length = 1514;
        walk.pass({.step = Step::received, .queue = 0, .count = 1, .first = 17}, 256, 1000);
        walk.offer(frame, 0, PortId{0}, {.to = bridge::Route::To::one, .port = PortId{1}, .network = {}},
                   1100);
        walk.pushed({.step = Step::rx_pushed, .notified = true, .owner = guest, .count = 1, .first = 5}, 5,
                    1500);
        walk.seen({guest, 0, true, 5}, 3000);
    }
};

std::string stations(std::vector<Line> const& lines) {
    std::string all;
    for (Line const& line : lines)
        all += std::string{line.station} + " ";
    return all;
}

}  // namespace

TEST_CASE("a frame's way begins with the interrupt and has the hypervisor's part between the stations") {
    Received const r;
    std::array const events{
        event(9000, Kind::call, 0, 32),  // newest first; this one came later
        event(2100, Kind::upcall, guest, 0, 1),
        event(2000, Kind::run, guest, 0, 1),
        event(1900, Kind::send, 9, port_of_domain(9, 1)),  // of others
        event(1600, Kind::send, 0, port_of_domain(guest, 4)),
        event(1550, Kind::call, 0, 32),
        event(1300, Kind::copy, 0, port_of_domain(guest, 8)),
        event(1200, Kind::call, 0, 20),
        event(900, Kind::run, 0),
        event(800, Kind::send, nobody, port_of_domain(0, 3)),
        event(700, Kind::interrupt, nobody, 0x30),
        event(600, Kind::interrupt, nobody, 0xf0),
    };
    auto const lines = tell(r.walk, events, DomId{0});
    CHECK(stations(lines) == "interrupt event run driver bridge grants netback event run upcall netfront ");
    CHECK(lines[0].what == "vector 48");
    CHECK(lines[3].what == "queue 0, descriptor 17, of 1 received");
    CHECK(lines[4].what == "port 0 to port 1");
    CHECK(lines[5].what == "copy, 1 grant of d7");
    CHECK((lines[5].calls == 1 && lines[6].calls == 0 && lines[7].calls == 1));
    CHECK((lines[6].copied == 1514 && lines[6].cpu == 0U));
    CHECK((lines[9].who == "d7v0" && lines[9].cpu == 1U));
    CHECK((lines[10].who == "d7" && lines[10].at == 3000));
}

TEST_CASE("without the hypervisor's events the stations are told alone") {
    Received const r;
    auto const lines = tell(r.walk, {}, DomId{0});
    CHECK(stations(lines) == "driver bridge netback netfront ");
    CHECK_FALSE(lines[0].cpu);
}

TEST_CASE("a driver domain that has run for long is where its next event is") {
    Received const r;
    std::array const call{event(1550, Kind::call, 0, 32, 1)};
    CHECK(tell(r.walk, call, DomId{0})[0].cpu == 1U);
    std::array const run{event(1550, Kind::run, 0, 0, 1)};
    CHECK_FALSE(tell(r.walk, run, DomId{0})[0].cpu);
}

TEST_CASE("what a card has written into a guest's page nobody has copied") {
    Walk walk{{DomId{guest}, PortId{1}, true}};
    walk.pass({.step = Step::received, .queue = 2, .count = 1, .first = 17}, 256, 1);
    walk.delivered({.step = Step::rx_pushed, .owner = guest, .count = 1, .first = 30}, 1514, 2);
    for (Line const& line : tell(walk, {}, DomId{0}))
        CHECK(line.copied == 0);
}

TEST_CASE("an event that is repeated is told once between two stations") {
    Received const r;
    std::array const events{
        event(1400, Kind::run, 0),
        event(1300, Kind::run, guest),
        event(1200, Kind::run, 0),
    };
    CHECK(stations(tell(r.walk, events, DomId{0})) == "driver bridge run run netback netfront ");
}

TEST_CASE("of a walk that has found nothing nothing is told") {
    Walk const walk{{DomId{guest}, PortId{1}, true}};
    CHECK(tell(walk, {}, DomId{0}).empty());
}

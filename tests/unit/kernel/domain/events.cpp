// SPDX-License-Identifier: MIT
// kernel/domain/events: sending without a lock while others close, join and die.
#include "kernel/domain/events.hpp"

#include <catch2/catch_test_macros.hpp>

#include <optional>

#include "kernel/domain/channel_ops.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/crew.hpp"
#include "tests/host/domains.hpp"
#include "tests/host/memory.hpp"

namespace {

using host::TestDomain;

constexpr u64 interleavings = 100;

struct Pair {
    EvtchnPort near, far;
};
Pair connect(Domain& a, Domain& b) {
    EvtchnPort const far = *evtchn::alloc_unbound(b, a.id);
    return {*evtchn::bind_interdomain(a, b, far), far};
}

// Sends again and again; what it is told does not matter.
auto sender(Domain& d, EvtchnPort port) {
    return [&d, port] {
        for (int i = 0; i < 8; ++i) {
            host::step();
            static_cast<void>(evtchn::send(d, port));
        }
    };
}

}  // namespace

TEST_CASE("EV-3 what is sent through a channel that closes never shows at its number's next owner") {
    for (u64 seed = 0; seed < interleavings; ++seed) {
        TestDomain a{1, {}, 2}, b{2};
        auto const [near, far] = connect(*a, *b);
        EvtchnPort next{};
        auto const close_and_open = [&] {
            host::step();
            REQUIRE(evtchn::close(*b, far).has_value());
            next = *evtchn::alloc_unbound(*b, DomId{7});
        };
        host::run_crew(seed, {sender(*a, near), close_and_open, sender(*a, near)});
        REQUIRE(next == far);
        REQUIRE_FALSE(evtchn::pending(*b, far));
    }
}

TEST_CASE("EV-3 a domain can go while others send to it") {
    host::power_on();
    for (u64 seed = 0; seed < interleavings; ++seed) {
        TestDomain a{1, {}, 2};
        u64 const frames = mm::free_frame_count();
        std::optional<TestDomain> b{std::in_place, u16{2}};
        EvtchnPort const near = connect(*a, **b).near;
        auto const die = [&] {
            host::step();
            b.reset();
        };
        host::run_crew(seed, {sender(*a, near), die, sender(*a, near)});
        REQUIRE(a->channels.find(near)->state == Channel::State::unbound);
        REQUIRE(evtchn::close(*a, near).has_value());
        REQUIRE(mm::free_frame_count() + 1 == frames);  // the table of a's channels stays
    }
}

TEST_CASE("EV-3 an event is not lost that was sent while the other side joins") {
    for (u64 seed = 0; seed < interleavings; ++seed) {
        TestDomain a{1}, b{2};
        EvtchnPort const far = *evtchn::alloc_unbound(*b, a->id);
        EvtchnPort near{};
        auto const join = [&] {
            host::step();
            near = *evtchn::bind_interdomain(*a, *b, far);
        };
        host::run_crew(seed, {sender(*b, far), join});
        REQUIRE(evtchn::pending(*a, near));
    }
}

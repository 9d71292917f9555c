// SPDX-License-Identifier: MIT
// kernel/evtchn/channels: which ports exist.
#include "kernel/evtchn/channels.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <set>
#include <vector>

#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/console.hpp"
#include "tests/host/memory.hpp"

namespace {

struct Channels {
    ChannelTable table;
    EventChannels all{table};

    Channels() { REQUIRE(all.set_aside().has_value()); }
};

EvtchnPort open(EventChannels& c) {
    EvtchnPort const port = *c.allocate();
    c.fresh(port).state = Channel::State::unbound;
    return port;
}

}  // namespace

TEST_CASE("EV-1 only ports in use are found") {
    host::power_on();
    Channels channels;
    ChannelTable const& table = channels.table;
    EvtchnPort const port = open(channels.all);
    CHECK(port == EvtchnPort{1});
    CHECK(table.find(port) != nullptr);
    for (u32 const other : {0u, 2u, EventChannels::max_ports - 1, EventChannels::max_ports, 0x80000000u, ~0u})
        CHECK(table.find(EvtchnPort{other}) == nullptr);
    channels.all.release(port);
    CHECK(table.find(port) == nullptr);
}

TEST_CASE("EV-4 a domain out of ports is refused and keeps those it has") {
    host::power_on();
    u64 const frames = mm::free_frame_count();
    {
        Channels channels;
        EventChannels& c = channels.all;
        for (u32 n = 1; n < EventChannels::max_ports; ++n)
            REQUIRE(open(c) == EvtchnPort{n});
        auto const refused = c.allocate();
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error() == Errno::nospc);
        CHECK(c.in_use() == EventChannels::max_ports - 1);
        c.release(EvtchnPort{77});
        CHECK(open(c) == EvtchnPort{77});
    }
    CHECK(mm::free_frame_count() == frames);
}

TEST_CASE("D8 a domain gets all its ports when nobody else gets a frame") {
    host::power_on();
    Channels channels;
    std::vector<Mfn> others;
    while (auto const m = mm::alloc_frames())
        others.push_back(*m);
    for (u32 n = 1; n < EventChannels::max_ports; ++n)
        REQUIRE(open(channels.all) == EvtchnPort{n});
    for (Mfn const m : others)
        mm::free_frames(m);
}

TEST_CASE("D11 a port that is given back twice ends the guest, and is not counted twice") {
    host::power_on();
    Channels channels;
    EventChannels& c = channels.all;
    EvtchnPort const port = open(c), kept = open(c);
    c.release(port);
    host::guest_ended_by().clear();
    c.release(port);
    CHECK(host::guest_ended_by().starts_with("assertion failed: "));
    CHECK(c.in_use() == 1);
    CHECK(channels.table.find(kept) != nullptr);
}

TEST_CASE("the lowest free port is taken, and iteration finds exactly those in use") {
    host::power_on();
    rc::prop("random opening and closing", [] {
        Channels channels;
        EventChannels& c = channels.all;
        std::set<u32> model;
        for (int step = *rc::gen::inRange(0, 300); step > 0; --step) {
            if (model.empty() || *rc::gen::inRange(0, 3) != 0) {
                u32 lowest = 1;
                while (model.contains(lowest))
                    ++lowest;
                RC_ASSERT(open(c).raw() == lowest);
                model.insert(lowest);
            } else {
                auto const at =
                    std::next(model.begin(), *rc::gen::inRange<s64>(0, static_cast<s64>(model.size())));
                c.release(EvtchnPort{*at});
                model.erase(at);
            }
            std::set<u32> seen;
            for (u32 p = c.next_in_use(0); p < EventChannels::max_ports; p = c.next_in_use(p + 1))
                seen.insert(p);
            RC_ASSERT(seen == model);
            RC_ASSERT(c.in_use() == model.size());
        }
    });
}

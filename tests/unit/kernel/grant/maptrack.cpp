// SPDX-License-Identifier: MIT
// kernel/grant/maptrack: handles are lent once and taken back once.
#include "kernel/grant/maptrack.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <set>
#include <vector>

#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/console.hpp"
#include "tests/host/memory.hpp"

TEST_CASE("GT-08 handles end at the limit, and nothing is lost there") {
    host::power_on();
    u64 const frames = mm::free_frame_count();
    {
        Maptrack m;
        REQUIRE(m.set_limit(2).has_value());
        for (u32 i = 0; i < m.max_handles(); ++i)
            REQUIRE(m.allocate().has_value());
        auto const refused = m.allocate();
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error() == Errno::nospc);
        m.release(GrantHandle{5});
        CHECK(m.find(GrantHandle{5}) == nullptr);
        CHECK(*m.allocate() == GrantHandle{5});
        for (u32 const wrong : {m.max_handles(), ~0u, 1u << 31})
            CHECK(m.find(GrantHandle{wrong}) == nullptr);
    }
    CHECK(mm::free_frame_count() == frames);
}

TEST_CASE("D8 handles go on to their limit when nobody else gets a frame") {
    host::power_on();
    Maptrack m;
    REQUIRE(m.set_limit(2).has_value());
    std::vector<Mfn> others;
    while (auto const frame = mm::alloc_frames())
        others.push_back(*frame);
    for (u32 i = 0; i < m.max_handles(); ++i)
        REQUIRE(m.allocate().has_value());
    CHECK(m.allocate().error() == Errno::nospc);
    for (Mfn const frame : others)
        mm::free_frames(frame);
}

TEST_CASE("GT-08 exactly the handles in use are found") {
    host::power_on();
    rc::prop("random lending and returning", [] {
        Maptrack m;
        REQUIRE(m.set_limit(2).has_value());
        std::set<u32> model;
        for (int step = *rc::gen::inRange(0, 400); step > 0; --step) {
            if (model.empty() || *rc::gen::inRange(0, 5) > 1) {
                auto const h = m.allocate();
                RC_ASSERT(h.has_value() == (model.size() < m.max_handles()));
                if (h)
                    RC_ASSERT(model.insert(h->raw()).second);
            } else {
                auto const at =
                    std::next(model.begin(), *rc::gen::inRange<s64>(0, static_cast<s64>(model.size())));
                m.release(GrantHandle{*at});
                model.erase(at);
            }
            std::set<u32> seen;
            for (u32 h = m.next_in_use(0); h < m.capacity(); h = m.next_in_use(h + 1))
                seen.insert(h);
            RC_ASSERT(seen == model);
            RC_ASSERT(m.in_use() == model.size());
        }
    });
}

TEST_CASE("D11 a handle that is given back twice ends the guest, and is free once") {
    host::power_on();
    Maptrack m;
    REQUIRE(m.set_limit(1).has_value());
    GrantHandle const handle = *m.allocate();
    m.release(handle);
    host::guest_ended_by().clear();
    m.release(handle);
    CHECK(host::guest_ended_by().starts_with("assertion failed: "));
    CHECK(m.in_use() == 0);
    CHECK(*m.allocate() == handle);
    CHECK(*m.allocate() != handle);
}

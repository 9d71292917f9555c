// SPDX-License-Identifier: MIT
// Frames that belong to domains: limits, giving up, sharing, trading, the end.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <type_traits>
#include <vector>

#include "kernel/mm/exchange.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/m2p.hpp"
#include "kernel/mm/relinquish.hpp"
#include "tests/host/cpu.hpp"
#include "tests/host/memory.hpp"
#include "tests/host/type_ops.hpp"

namespace {

struct Owner : PageOwner {
    host::ValidTables tables;

    explicit Owner(u64 limit) {
        host::power_on();
        host::reset_cpu();
        max_pages = limit;
    }
    u64 count() { return pages.lock()->count; }
    Mfn frame() { return *mm::alloc_domain_frames(*this, 0); }
};

PageInfo& page(Mfn m) {
    return *mm::page_of(m);
}

void take_all_memory(std::vector<Mfn>& into) {
    while (auto const m = mm::alloc_frames())
        into.push_back(*m);
}

void give_back(std::vector<Mfn> const& frames) {
    for (Mfn const m : frames)
        mm::free_frames(m);
}

}  // namespace

TEST_CASE("D10 what holds a frame can be handed on and not copied") {
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<PageRef> || std::is_copy_assignable_v<PageRef>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<TypeRef> || std::is_copy_assignable_v<TypeRef>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<mm::Exchange>);
    Owner owner{4};
    Mfn const m = owner.frame();
    u32 const before = page(m).refs.load();
    {
        PageRef held = *PageRef::take_of(page(m), owner);
        PageRef const moved = std::move(held);
        REQUIRE(page(m).refs.load() == before + 1);
    }
    REQUIRE(page(m).refs.load() == before);
    REQUIRE(mm::give_up_frame(page(m), owner));
}

TEST_CASE("MM-3 a domain never gets more than its limit") {
    Owner o{10};
    CHECK(mm::alloc_domain_frames(o, 4).error() == Errno::again);
    REQUIRE(mm::alloc_domain_frames(o, 3).has_value());
    CHECK(mm::alloc_domain_frames(o, 2).error() == Errno::again);
    REQUIRE(mm::alloc_domain_frames(o, 1).has_value());
    CHECK(mm::alloc_domain_frames(o, 0).error() == Errno::again);
    CHECK(o.count() == 10);
    o.max_pages = 4;  // lowered below what it has
    CHECK(mm::alloc_domain_frames(o, 0).error() == Errno::again);
    CHECK(mm::relinquish(o).has_value());
    CHECK(mm::owns_nothing(o));
}

TEST_CASE("LC-3 memory that is not there leaves the domain as it was") {
    Owner o{100};
    std::vector<Mfn> all;
    take_all_memory(all);
    CHECK(mm::alloc_domain_frames(o, 0).error() == Errno::nomem);
    CHECK(o.count() == 0);
    give_back(all);
    CHECK(mm::alloc_domain_frames(o, 0, 20).error() == Errno::nomem);
    CHECK(mm::alloc_domain_frames(o, 63).error() == Errno::nomem);
    CHECK(o.count() == 0);
}

TEST_CASE("MM-5 a frame that is given up stays the domain's until its last use ends") {
    Owner o{10};
    u64 const free = mm::free_frame_count();
    Mfn const m = o.frame();
    mm::m2p_set(m, Pfn{77});
    {
        auto const use = TypeRef::take(page(m), PageType::writable, o);
        REQUIRE(use.has_value());
        CHECK(mm::give_up_frame(page(m), o).has_value());
        CHECK(mm::give_up_frame(page(m), o).error() == Errno::inval);
        CHECK(o.count() == 1);
        CHECK(mm::free_frame_count() == free - 1);
        CHECK(mm::m2p_get(m) == Pfn{77});
    }
    CHECK(o.count() == 0);
    CHECK(mm::free_frame_count() == free);
    CHECK(mm::m2p_get(m) == pfn_none);
}

TEST_CASE("PT-12 PT-13 only the owner's frames can be held in its name") {
    Owner a{10};
    Owner b{10};
    Mfn const m = a.frame();
    CHECK(mm::give_up_frame(page(m), b).error() == Errno::inval);
    CHECK(PageRef::take_of(page(m), b).error() == Errno::inval);
    CHECK(page(m).ref_count() == 1);
    CHECK(mm::give_up_frame(page(m), a).has_value());
    // Free now: nobody can.
    CHECK(PageRef::take_of(page(m), a).error() == Errno::busy);
    CHECK(PageRef::take(page(m)).error() == Errno::busy);
}

TEST_CASE("PT-13 a shared frame is mapped by its domain but never becomes a table") {
    Owner o{10};
    u64 const free = mm::free_frame_count();
    Mfn const m = *mm::alloc_frames();
    mm::share_frame(m, o);
    CHECK(o.count() == 0);
    for (PageType const t : {PageType::l1, PageType::l4, PageType::segdesc})
        CHECK(TypeRef::take(page(m), t, o).error() == Errno::inval);
    {
        auto mapping = TypeRef::take(page(m), PageType::writable, o);
        REQUIRE(mapping.has_value());
        CHECK(page(m).type() == PageType::shared);
        mm::unshare_frame(m);
        // The mapping lives on; a new one is not to be had.
        CHECK(TypeRef::take(page(m), PageType::writable, o).error() == Errno::inval);
        CHECK(mm::free_frame_count() == free - 1);
    }
    CHECK(mm::free_frame_count() == free);
}

TEST_CASE("MM-2 a trade gives new frames for old ones and moves no count") {
    Owner o{8};
    std::vector<Mfn> old;
    for (unsigned i = 0; i < 8; ++i)
        old.push_back(o.frame());
    u64 const free = mm::free_frame_count();
    mm::Exchange trade{o};
    for (unsigned i = 0; i < 4; ++i)
        REQUIRE(trade.take(page(old[i])).has_value());
    CHECK(trade.take(page(old[0])).error() == Errno::busy);
    auto const fresh = trade.replace(2, 0);
    REQUIRE(fresh.has_value());
    CHECK(fresh->raw() % 4 == 0);
    CHECK(o.count() == 8);
    CHECK(mm::free_frame_count() == free);
    CHECK(mm::relinquish(o).has_value());
    CHECK(mm::owns_nothing(o));
}

TEST_CASE("MM-2 a trade that fails at any frame puts all of them back") {
    Owner o{8};
    Owner other{1};
    std::vector<Mfn> frames;
    for (unsigned i = 0; i < 4; ++i)
        frames.push_back(o.frame());
    Mfn const foreign = other.frame();
    for (unsigned bad = 0; bad < 4; ++bad) {
        auto const in_use = TypeRef::take(page(frames[bad]), PageType::writable, o);
        {
            mm::Exchange trade{o};
            unsigned taken = 0;
            while (taken < 4 && trade.take(page(frames[taken])))
                ++taken;
            CHECK(taken == bad);
            CHECK(trade.take(page(foreign)).error() == Errno::inval);
        }
        for (unsigned i = 0; i < 4; ++i)
            CHECK(page(frames[i]).ref_count() == (i == bad ? 2 : 1));
        CHECK(o.count() == 4);
    }
    std::vector<Mfn> all;
    take_all_memory(all);
    {
        mm::Exchange trade{o};
        REQUIRE(trade.take(page(frames[0])).has_value());
        CHECK(trade.replace(0, 0).error() == Errno::nomem);
    }
    give_back(all);
    CHECK(mm::give_up_frame(page(frames[0]), o).has_value());
    CHECK(mm::relinquish(o).has_value());
    CHECK(mm::relinquish(other).has_value());
    CHECK(mm::owns_nothing(o));
}

TEST_CASE("LC-1 the end of a domain takes each frame, however often it is interrupted") {
    Owner o{1000};
    u64 const free = mm::free_frame_count();
    for (unsigned i = 0; i < 500; ++i) {
        Mfn const m = o.frame();
        if (i % 3 == 0) {
            REQUIRE(mm::get_type(page(m), PageType::l1, o).has_value());
            page(m).type_word.fetch_or(PageInfo::pinned);
        }
    }
    PageRef held = *PageRef::take(page(o.frame()));
    host::cpu().preempt = [] { return true; };
    unsigned steps = 0;
    while (!mm::relinquish(o))
        ++steps;
    CHECK(steps > 10);
    // LC-2: what somebody else holds is still the domain's.
    CHECK(!mm::owns_nothing(o));
    CHECK(o.count() == 1);
    CHECK(mm::alloc_domain_frames(o, 0).error() == Errno::again);
    held.reset();
    CHECK(mm::owns_nothing(o));
    CHECK(mm::free_frame_count() == free);
}

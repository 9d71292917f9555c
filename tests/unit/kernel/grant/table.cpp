// SPDX-License-Identifier: MIT
// kernel/grant/table: which uses of an entry are allowed, and what the granter
// sees of them in the shared entry.
#include "kernel/grant/table.hpp"

#include <catch2/catch_test_macros.hpp>
#include <rapidcheck/catch.h>

#include <array>
#include <atomic>
#include <cstring>
#include <map>
#include <thread>
#include <vector>

#include "kernel/machine/memory.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "tests/host/console.hpp"
#include "tests/host/memory.hpp"

namespace {

using grant::Use;

constexpr DomId mapper{7};
constexpr Use reads{false, false}, writes{false, true}, device_reads{true, false}, device_writes{true, true};

// A table of one frame, as its granter sees it.
struct Granter {
    PageOwner owner;
    GrantTable table;
    Granter() {
        host::power_on();
        owner.id = DomId{3};
        REQUIRE(table.set_limit(2).has_value());
        REQUIRE(table.grow(1, owner).has_value());
    }
    grant_entry_v1_t& entry(u32 ref) { return machine::frame_as<grant_entry_v1_t>(table.frame(0))[ref]; }
    void allow(u32 ref, u32 frame, u16 flags = 0, DomId whom = mapper) {
        entry(ref) = {static_cast<u16>(GTF_permit_access | flags), whom.raw(), frame};
    }
    s16 pin(u32 ref, Use use, DomId whom = mapper) { return table.pin(GrantRef{ref}, whom, use).status; }
    u16 in_use(u32 ref) { return static_cast<u16>(entry(ref).flags & (GTF_reading | GTF_writing)); }
};

}  // namespace

TEST_CASE("GT-01 only references inside the table are looked at") {
    Granter g;
    for (u32 const ref : {512u, 513u, 1u << 31, ~0u})
        CHECK(g.pin(ref, reads) == GNTST_bad_gntref);
    CHECK(g.pin(511, reads) == GNTST_general_error);
    CHECK(g.table.grow(2, g.owner).has_value());
    CHECK(g.table.grow(1, g.owner).has_value());
    CHECK(g.table.entries() == 1024);
    CHECK(g.table.grow(3, g.owner).error() == Errno::inval);
    CHECK(g.pin(512, reads) == GNTST_general_error);
}

TEST_CASE("a grant is for one domain, and read-only ones are not written through") {
    Granter g;
    g.allow(8, 0x500, GTF_readonly);
    CHECK(g.pin(8, reads, DomId{9}) == GNTST_general_error);
    CHECK(g.pin(8, writes) == GNTST_general_error);
    CHECK(g.in_use(8) == 0);
    CHECK(g.pin(8, reads) == GNTST_okay);
    CHECK(g.in_use(8) == GTF_reading);
    g.table.unpin(GrantRef{8}, reads);
    CHECK(g.in_use(8) == 0);
}

TEST_CASE("GT-13 D4 transitive, transfer and sub-page grants are refused") {
    Granter g;
    for (unsigned const type : {GTF_invalid, GTF_accept_transfer, GTF_transitive}) {
        g.entry(8) = {static_cast<u16>(type), mapper.raw(), 0x500};
        CHECK(g.pin(8, reads) == GNTST_general_error);
        CHECK(g.in_use(8) == 0);
    }
    g.allow(8, 0x500, GTF_sub_page);
    CHECK(g.pin(8, reads) == GNTST_general_error);
    CHECK(g.in_use(8) == 0);
}

TEST_CASE("GT-02 the frame of an entry in use is the one it had at first") {
    Granter g;
    g.allow(8, 0x500);
    CHECK(g.table.pin(GrantRef{8}, mapper, writes).frame == Mfn{0x500});
    g.entry(8).frame = 0x666;
    g.entry(8).domid = 99;
    CHECK(g.table.pin(GrantRef{8}, mapper, reads).frame == Mfn{0x500});
    CHECK(g.table.pinned_frame(GrantRef{8}) == Mfn{0x500});
    CHECK(g.pin(8, reads, DomId{99}) == GNTST_general_error);
    g.table.unpin(GrantRef{8}, reads);
    g.table.unpin(GrantRef{8}, writes);
}

TEST_CASE("DS-3 GT-02 a granter that never leaves its entry alone keeps nobody waiting") {
    Granter g;
    g.allow(8, 0x500);
    std::atomic<bool> stop{false};
    std::thread flips{[&] {
        std::atomic_ref flags{g.entry(8).flags};
        for (u16 noise = 0; !stop.load(); ++noise)
            flags.store(static_cast<u16>(GTF_permit_access | (noise & 1) << 12));  // bits of no meaning
    }};
    for (unsigned i = 0; i < 20000; ++i) {
        auto const pinned = g.table.pin(GrantRef{8}, mapper, writes);
        if (pinned.status != GNTST_okay)
            continue;
        CHECK(pinned.frame == Mfn{0x500});
        g.table.unpin(GrantRef{8}, writes);
    }
    stop = true;
    flips.join();
    CHECK_FALSE(g.table.active(GrantRef{8}).pins.any());
}

TEST_CASE("GT-04 a use that cannot be counted is refused") {
    Granter g;
    g.allow(8, 0x500);
    constexpr std::array kinds{reads, writes, device_reads, device_writes};
    for (usize full = 0; full < kinds.size(); ++full) {
        Use const other = kinds[(full + 1) % kinds.size()];
        for (int i = 0; i < 255; ++i)
            REQUIRE(g.pin(8, kinds[full]) == GNTST_okay);
        u16 const seen = g.in_use(8);
        CHECK(g.pin(8, kinds[full]) == GNTST_general_error);
        CHECK(g.in_use(8) == seen);
        CHECK(g.pin(8, other) == GNTST_okay);
        g.table.unpin(GrantRef{8}, other);
        for (int i = 0; i < 255; ++i) {
            REQUIRE(g.in_use(8) == seen);
            g.table.unpin(GrantRef{8}, kinds[full]);
        }
        CHECK(g.in_use(8) == 0);
        CHECK_FALSE(g.table.active(GrantRef{8}).pins.any());
    }
}

TEST_CASE("GT-14 a table that was taken back still ends the uses it has") {
    Granter g;
    g.allow(8, 0x500);
    CHECK(g.pin(8, writes) == GNTST_okay);
    g.table.retire();
    CHECK(g.pin(8, reads) == GNTST_bad_gntref);
    CHECK(g.table.pinned_frame(GrantRef{8}) == Mfn{0x500});
    g.table.unpin(GrantRef{8}, writes);
    CHECK_FALSE(g.table.active(GrantRef{8}).pins.any());
}

TEST_CASE("D8 a table grows to its limit when nobody else gets a frame") {
    Granter g;
    std::vector<Mfn> others;
    while (auto const m = mm::alloc_frames())
        others.push_back(*m);
    CHECK(g.table.grow(2, g.owner).has_value());
    CHECK(g.table.grow(3, g.owner).error() == Errno::inval);
    for (Mfn const m : others)
        mm::free_frames(m);
}

TEST_CASE("D8 what cannot be set aside is not promised") {
    host::power_on();
    u64 const free = mm::unpromised_frame_count();
    mm::Budget others;
    REQUIRE(others.resize(free - 1).has_value());
    GrantTable table;
    CHECK(table.set_limit(1).error() == Errno::nomem);
    CHECK(mm::unpromised_frame_count() == 1);
}

TEST_CASE("DS-4 a table gives all its frames back") {
    host::power_on();
    u64 const frames = mm::free_frame_count();
    {
        Granter g;
        CHECK(g.table.grow(2, g.owner).has_value());
    }
    CHECK(mm::free_frame_count() == frames);
}

TEST_CASE("GT-03 the bits in the entry say which uses there are, at every moment") {
    rc::prop("random uses of a few entries", [] {
        Granter g;
        std::map<std::pair<u32, int>, int> model;
        constexpr std::array uses{reads, writes, device_reads, device_writes};
        for (u32 ref = 8; ref < 12; ++ref)
            g.allow(ref, 0x500 + ref, ref == 11 ? u16{GTF_readonly} : u16{0});
        for (int step = *rc::gen::inRange(0, 200); step > 0; --step) {
            u32 const ref = *rc::gen::inRange<u32>(8, 12);
            int const kind = *rc::gen::inRange(0, 4);
            Use const use = uses[static_cast<usize>(kind)];
            int& count = model[{ref, kind}];
            if (*rc::gen::inRange(0, 2) == 0) {
                bool const allowed = ref != 11 || !use.write;
                RC_ASSERT((g.pin(ref, use) == GNTST_okay) == allowed);
                count += allowed;
            } else if (count > 0) {
                g.table.unpin(GrantRef{ref}, use);
                --count;
            }
            for (u32 r = 8; r < 12; ++r) {
                bool const write = model[{r, 1}] + model[{r, 3}] > 0;
                bool const any = write || model[{r, 0}] + model[{r, 2}] > 0;
                RC_ASSERT(g.in_use(r) == ((any ? GTF_reading : 0) | (write ? GTF_writing : 0)));
            }
        }
    });
}

TEST_CASE("D11 a use that there is not cannot end: the guest does") {
    host::power_on();
    Granter g;
    host::guest_ended_by().clear();
    g.table.unpin(GrantRef{9}, writes);
    CHECK(host::guest_ended_by().starts_with("assertion failed: "));
    CHECK(!g.table.active(GrantRef{9}).pins.any());
}

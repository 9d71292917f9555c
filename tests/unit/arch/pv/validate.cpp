// SPDX-License-Identifier: MIT
// arch/pv/validate with kernel/mm/page_type: whole trees become page tables and
// stop being some, interrupted anywhere.
#include <rapidcheck/catch.h>

#include <memory>

#include "arch/mm/device_frames.hpp"
#include "tests/unit/arch/pv/fixture.hpp"

namespace {

using namespace pt;

// What a test compares before and after.
struct Counts {
    std::vector<std::array<u32, 2>> of;
    bool operator==(Counts const&) const = default;
};

Counts counts_of(Memory& memory, Tree const& tree) {
    Counts c;
    auto note = [&](Mfn m) { c.of.push_back({memory.page(m).ref_count(), memory.page(m).type_count()}); };
    for (Mfn const m : tree.tables())
        note(m);
    for (Mfn const m : tree.data)
        note(m);
    return c;
}

Result<> take(Memory& memory, Mfn m, PageType t) {
    return mm::get_type(memory.page(m), t, memory.owner());
}

// Stops the k-th time it is asked, and from then on whenever `stubborn`.
void preempt_at(u64 k, bool stubborn) {
    host::cpu().preemption_points = 0;
    host::cpu().preempt = [k, stubborn] {
        u64 const n = host::cpu().preemption_points;
        return stubborn ? n >= k : n == k;
    };
}

void never_preempt() {
    host::cpu().preempt = nullptr;
}

// Drops a root as a guest's unpin does: in pieces.
unsigned drop_in_pieces(Memory& memory, Mfn root) {
    PageRef const rest = mm::put_type(memory.page(root));
    unsigned pieces = 1;
    while (rest && !mm::close_partial(*rest)) {
        REQUIRE(memory.page(root).is_partial());
        ++pieces;
        REQUIRE(pieces < 10000);
    }
    return pieces;
}

}  // namespace

TEST_CASE("a tree of tables is validated and given back without a trace") {
    Memory memory;
    Tree const tree{memory, 3, 3, 5};
    Counts const before = counts_of(memory, tree);
    REQUIRE(take(memory, tree.l4, PageType::l4).has_value());
    memory.holders = {{tree.l4, PageType::l4}};
    CHECK(memory.counts_agree());
    CHECK(memory.page(tree.l1[0]).type() == PageType::l1);
    CHECK(memory.page(tree.data[0]).type() == PageType::writable);
    CHECK(memory.page(tree.data[1]).type_count() == 0);
    CHECK(!mm::put_type(memory.page(tree.l4)));
    memory.holders.clear();
    CHECK(memory.counts_agree());
    CHECK(counts_of(memory, tree) == before);
    memory.end();
}

TEST_CASE("PT-01 a table is not writable and a writable frame is no table") {
    Memory memory;
    Tree const tree{memory, 1, 1, 1};
    REQUIRE(take(memory, tree.l4, PageType::l4).has_value());
    for (Mfn const m : tree.tables())
        CHECK(take(memory, m, PageType::writable).error() == Errno::inval);
    CHECK(take(memory, tree.data[0], PageType::l1).error() == Errno::inval);
    CHECK(take(memory, tree.l1[0], PageType::l2).error() == Errno::inval);
    mm::put_type_sync(memory.page(tree.l4));
    memory.end();
}

TEST_CASE("PT-05 a validated root carries the hypervisor's slots, without the M2P") {
    Memory memory;
    Tree const tree{memory, 1, 1, 1};
    for (unsigned i = 256; i < 272; ++i)
        table(tree.l4)[i] = entry(tree.l3, 0xfff);  // not even looked at
    REQUIRE(take(memory, tree.l4, PageType::l4).has_value());
    CHECK(table(tree.l4)[256] == 0);
    for (unsigned i = 1; i < 16; ++i)
        CHECK(table(tree.l4)[256 + i] == arch::hypervisor_slots()[i]);
    mm::put_type_sync(memory.page(tree.l4));
    for (unsigned i = 256; i < 272; ++i)
        CHECK(table(tree.l4)[i] == 0);
    memory.end();
}

TEST_CASE("PT-06 D2 tables that refer to their own level are refused") {
    Memory memory;
    Mfn const a = memory.frame();
    Mfn const b = memory.frame();
    for (PageType const t : {PageType::l2, PageType::l3, PageType::l4}) {
        table(a)[0] = entry(a, table_flags);
        CHECK(!take(memory, a, t).has_value());
        table(a)[0] = entry(b, table_flags);
        table(b)[0] = entry(a, table_flags);
        CHECK(!take(memory, a, t).has_value());
        table(a)[0] = table(b)[0] = 0;
        CHECK(memory.counts_agree());
    }
    // A writable view of itself, too.
    table(a)[9] = entry(a, data_flags);
    CHECK(take(memory, a, PageType::l1).error() == Errno::busy);
    memory.end();
}

TEST_CASE("PT-13 frames of others, holes and device memory are not mapped") {
    Memory memory;
    Mfn const l1 = memory.frame();
    Memory other{2};
    Mfn const own = *mm::alloc_frames();
    for (Mfn const m : {other.frame(), host::hole_start, host::device_frame, own}) {
        for (u64 const flags : {data_flags, readonly_flags}) {
            table(l1)[3] = entry(m, flags);
            CHECK(!take(memory, l1, PageType::l1).has_value());
            CHECK(memory.counts_agree());
        }
    }
    mm::free_frames(own);
    other.end();
    memory.end();
}

TEST_CASE("PT-14 PT-15 the hardware domain maps devices with any cache type, RAM with one") {
    Memory memory;
    memory.owner().maps_devices = true;
    Mfn const l1 = memory.frame();
    u64 const uncached = entry(host::device_frame, data_flags | arch::pte::pcd | arch::pte::pwt);
    table(l1)[0] = uncached;
    REQUIRE(take(memory, l1, PageType::l1).has_value());
    CHECK(table(l1)[0] == (uncached | arch::pte::user));
    mm::put_type_sync(memory.page(l1));
    table(l1)[0] = entry(memory.frame(), data_flags | arch::pte::pcd);
    CHECK(take(memory, l1, PageType::l1).error() == Errno::inval);
    table(l1)[0] = entry(Mfn{u64{1} << 28}, data_flags);  // beyond 40 bits
    CHECK(take(memory, l1, PageType::l1).error() == Errno::perm);
    memory.end();
}

TEST_CASE("PT-15 what is kept from the hardware domain is whole pages, and nothing beside them") {
    Memory memory;
    Mfn const hidden = host::device_frame + 16, shown = host::device_frame + 32;
    REQUIRE(arch::restrict_device_frames(maddr_of(hidden) + 0x800, 2 * page_size, arch::DeviceAccess::none));
    REQUIRE(arch::restrict_device_frames(maddr_of(shown), page_size, arch::DeviceAccess::read_only));
    Mfn const l1 = memory.frame();
    auto const mapped_as = [&](Mfn m) -> Result<u64> {
        table(l1)[0] = entry(m, data_flags);
        TRY_VOID(take(memory, l1, PageType::l1));
        u64 const kept = table(l1)[0];
        mm::put_type_sync(memory.page(l1));
        return kept & arch::pte::writable;
    };
    auto const check = [&] {
        for (u64 page = 0; page < 3; ++page)
            CHECK(mapped_as(hidden + page).error() == Errno::perm);
        for (Mfn const m : {hidden - 1, hidden + 3, shown - 1, shown + 1})
            CHECK(mapped_as(m) == u64{arch::pte::writable});
        CHECK(mapped_as(shown) == u64{0});
    };
    CHECK(mapped_as(shown + 1).error() == Errno::perm);
    memory.owner().maps_devices = true;
    check();
    // Who has been given a device has its frames alone, and these as restricted.
    memory.owner().maps_devices = false;
    REQUIRE(memory.owner().device_frames.push({hidden - 1, 19}));
    check();
    CHECK(mapped_as(hidden - 2).error() == Errno::perm);
    CHECK(mapped_as(shown + 2).error() == Errno::perm);
    memory.end();
}

TEST_CASE("PT-08 validation stopped at any point and resumed ends like one that was not") {
    Memory memory;
    Tree const tree{memory, 3, 2, 4};
    Counts const before = counts_of(memory, tree);
    never_preempt();
    REQUIRE(take(memory, tree.l4, PageType::l4).has_value());
    Counts const validated = counts_of(memory, tree);
    mm::put_type_sync(memory.page(tree.l4));
    u64 const points = host::cpu().preemption_points;
    REQUIRE(points > 10);
    for (u64 k = 1; k <= points; ++k) {
        preempt_at(k, true);
        unsigned tries = 0;
        while (!take(memory, tree.l4, PageType::l4)) {
            REQUIRE(memory.counts_agree());
            REQUIRE(++tries < 1000);
        }
        CHECK(counts_of(memory, tree) == validated);
        drop_in_pieces(memory, tree.l4);
        CHECK(counts_of(memory, tree) == before);
    }
    never_preempt();
    memory.end();
}

TEST_CASE("PT-08 validation stopped at any point and given up leaves no trace") {
    Memory memory;
    Tree const tree{memory, 2, 2, 3};
    Counts const before = counts_of(memory, tree);
    for (u64 k = 1; k < 60; ++k) {
        preempt_at(k, false);
        auto const r = take(memory, tree.l4, PageType::l4);
        never_preempt();
        if (r) {
            mm::put_type_sync(memory.page(tree.l4));
        } else {
            REQUIRE(r.error() == Errno::restart);
            REQUIRE(memory.counts_agree());
            REQUIRE(mm::close_partial(memory.page(tree.l4)).has_value());
        }
        CHECK(counts_of(memory, tree) == before);
    }
    memory.end();
}

TEST_CASE("PT-08 a bad entry found late gives everything back, in pieces if need be") {
    Memory memory;
    Tree const tree{memory, 3, 2, 3};
    Counts const before = counts_of(memory, tree);
    table(tree.l1.back())[300] = entry(host::hole_start, data_flags);
    for (u64 k = 1; k < 80; ++k) {
        preempt_at(k, true);
        Errno error = Errno::restart;
        for (unsigned tries = 0; error == Errno::restart; ++tries) {
            error = take(memory, tree.l4, PageType::l4).error();
            REQUIRE(memory.counts_agree());
            REQUIRE(tries < 1000);
        }
        CHECK(error != Errno::restart);
        unsigned pieces = 0;
        while (!mm::close_partial(memory.page(tree.l4)))
            REQUIRE(++pieces < 1000);
        CHECK(counts_of(memory, tree) == before);
    }
    never_preempt();
    memory.end();
}

TEST_CASE("PT-08 LC-1 a domain that ends in the middle of validation gives back every frame") {
    for (u64 k = 1; k < 40; ++k) {
        Memory memory;
        Tree const tree{memory, 2, 2, 3};
        preempt_at(k, false);
        bool const done = take(memory, tree.l4, PageType::l4).has_value();
        if (done)
            mm::put_type_sync(memory.page(tree.l4));
        preempt_at(1, true);  // and its end is interrupted all the time
        unsigned steps = 0;
        while (!mm::relinquish(memory.owner()))
            REQUIRE(++steps < 10000);
        memory.end();
    }
}

TEST_CASE("PT-11 a descriptor page is checked again after its last use") {
    Memory memory;
    Mfn const m = memory.frame();
    table(m)[1] = 0x00cffb000000ffff;  // code, DPL 3
    REQUIRE(take(memory, m, PageType::segdesc).has_value());
    mm::put_type_sync(memory.page(m));
    REQUIRE(take(memory, m, PageType::writable).has_value());
    table(m)[2] = 0x00008c0000080000;  // a call gate
    mm::put_type_sync(memory.page(m));
    CHECK(take(memory, m, PageType::segdesc).error() == Errno::inval);
    // Also when nobody had it as anything else in between.
    table(m)[2] = 0;
    REQUIRE(take(memory, m, PageType::segdesc).has_value());
    mm::put_type_sync(memory.page(m));
    table(m)[2] = 0x00008c0000080000;
    CHECK(take(memory, m, PageType::segdesc).error() == Errno::inval);
    memory.end();
}

TEST_CASE("PT-10 a frame becomes a table only behind a flush that came after its last writable use") {
    Memory memory;
    Mfn const m = memory.frame();
    REQUIRE(take(memory, m, PageType::writable).has_value());
    mm::put_type_sync(memory.page(m));
    auto const flushes = host::tlb().flushes.size();
    REQUIRE(take(memory, m, PageType::l1).has_value());
    CHECK(host::tlb().flushes.size() == flushes + 1);
    mm::put_type_sync(memory.page(m));
    // The way back as well: a CPU may still walk the old table.
    REQUIRE(take(memory, m, PageType::writable).has_value());
    CHECK(host::tlb().flushes.size() == flushes + 2);
    mm::put_type_sync(memory.page(m));
    machine::flush_tlb(1);
    REQUIRE(take(memory, m, PageType::l1).has_value());
    CHECK(host::tlb().flushes.size() == flushes + 3);
    mm::put_type_sync(memory.page(m));
    memory.end();
}

TEST_CASE("PT-02 full counts refuse one more use and stay as they are") {
    Memory memory;
    Mfn const m = memory.frame();
    PageInfo& p = memory.page(m);
    REQUIRE(take(memory, m, PageType::writable).has_value());
    u32 const word = p.word();
    p.type_word.store(word | PageInfo::count_mask);
    u32 const refs = p.ref_count();
    CHECK(take(memory, m, PageType::writable).error() == Errno::busy);
    CHECK(p.ref_count() == refs);
    CHECK(p.type_count() == PageInfo::count_mask);
    p.type_word.store(word);
    p.refs.store(PageInfo::assigned | u32{1} << 30);
    CHECK(mm::get_ref(p).error() == Errno::busy);
    CHECK(p.refs.load() == (PageInfo::assigned | u32{1} << 30));
    p.refs.store(PageInfo::assigned | refs);
    mm::put_type_sync(p);
    memory.end();
}

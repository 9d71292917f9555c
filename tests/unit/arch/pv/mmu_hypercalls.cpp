// SPDX-License-Identifier: MIT
// mmu_update and mmuext_op as a guest calls them: batches, pins, roots, and
// entries for granted frames.
#include "arch/pv/roots.hpp"
#include "arch/pv/table_write.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/dispatch.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/machine/mapping.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/mm/frame_hold.hpp"
#include "kernel/mm/m2p.hpp"
#include "tests/unit/arch/pv/guest_on_tables.hpp"

using namespace pt;

namespace {

// A guest on its tables, and a frame that another domain lends it.
struct WithGrant {
    Guest guest;
    SmallTree tree{guest};
    Memory granter{9};
    Mfn lent = granter.frame();

    WithGrant() { REQUIRE(guest.extended({on_frame(MMUEXT_NEW_BASEPTR, tree.l4)}).has_value()); }
    ~WithGrant() { granter.end(); }
    WithGrant(WithGrant const&) = delete;
    WithGrant& operator=(WithGrant const&) = delete;
};

}  // namespace

TEST_CASE("PT-09 a pin is taken once, given back once, and has the right level") {
    Guest g;
    SmallTree const t{g};
    CHECK(g.extended({on_frame(MMUEXT_UNPIN_TABLE, t.l4)}).error() == Errno::inval);
    CHECK(!g.extended({on_frame(MMUEXT_PIN_L2_TABLE, t.l1)}).has_value());
    REQUIRE(g.extended({on_frame(MMUEXT_PIN_L4_TABLE, t.l4)}).has_value());
    CHECK(mm::page_of(t.l4)->type_count() == 1);
    CHECK(g.extended({on_frame(MMUEXT_PIN_L4_TABLE, t.l4)}).error() == Errno::inval);
    CHECK(mm::page_of(t.l4)->type_count() == 1);
    CHECK(g.extended({on_frame(MMUEXT_PIN_L1_TABLE, host::hole_start)}).error() == Errno::inval);
    REQUIRE(g.extended({on_frame(MMUEXT_UNPIN_TABLE, t.l4)}).has_value());
    CHECK(g.extended({on_frame(MMUEXT_UNPIN_TABLE, t.l4)}).error() == Errno::inval);
    CHECK(mm::page_of(t.l1)->type_count() == 0);
}

TEST_CASE("PT-17 HC-5 a batch counts exactly what it did, wherever it was interrupted") {
    for (unsigned bad = 0; bad <= 40; bad += 5) {
        for (bool const interrupted : {false, true}) {
            Guest g;
            SmallTree const t{g};
            REQUIRE(g.extended({on_frame(MMUEXT_PIN_L4_TABLE, t.l4)}).has_value());
            if (interrupted)
                host::cpu().preempt = [] { return true; };
            std::vector<mmu_update_t> list;
            for (unsigned i = 0; i < 40; ++i)
                list.push_back(store(t.l1, 100 + i, entry(i == bad ? host::hole_start : t.data, data_flags)));
            auto const r = g.update(list);
            CHECK(r.has_value() == (bad == 40));
            CHECK(g.done() == bad);
            for (unsigned i = 0; i < 40; ++i)
                CHECK((table(t.l1)[100 + i] != 0) == (i < bad));
        }
    }
}

TEST_CASE("PT-08 a whole address space is taken apart before the call returns") {
    Guest g;
    SmallTree const t{g};
    REQUIRE(g.extended({on_frame(MMUEXT_PIN_L4_TABLE, t.l4)}).has_value());
    host::cpu().preempt = [] { return true; };
    REQUIRE(g.update({store(t.l4, 0, 0)}).has_value());
    CHECK(!g.state().closing);
    CHECK(mm::page_of(t.l3)->type_count() == 0);
    CHECK(mm::page_of(t.l1)->type_count() == 0);
    REQUIRE(g.update({store(t.l4, 0, entry(t.l3, table_flags))}).has_value());
    CHECK(mm::page_of(t.l1)->type_count() == 1);
    REQUIRE(g.extended({on_frame(MMUEXT_UNPIN_TABLE, t.l4)}).has_value());
    CHECK(!mm::page_of(t.l4)->is_partial());
    CHECK(mm::page_of(t.l3)->type_count() == 0);
}

TEST_CASE("PT-05 no explicit update reaches the hypervisor's slots") {
    Guest g;
    SmallTree const t{g};
    REQUIRE(g.extended({on_frame(MMUEXT_PIN_L4_TABLE, t.l4)}).has_value());
    for (unsigned i = 0; i < 512; ++i) {
        bool const ours = i >= 256 && i < 272;
        u64 const before = table(t.l4)[i];
        auto const r = g.update({store(t.l4, i, entry(t.l3, table_flags))});
        CHECK(r.has_value() == !ours);
        CHECK(table(t.l4)[i] == (ours ? before : entry(t.l3, table_flags)));
    }
}

TEST_CASE("PT-19 PT-20 a root that cannot be had leaves the old one in use") {
    Guest g;
    SmallTree const t{g};
    SmallTree const other{g};
    REQUIRE(g.extended({on_frame(MMUEXT_NEW_BASEPTR, t.l4)}).has_value());
    CHECK(g.state().kernel_root.mfn() == t.l4);
    for (Mfn const m : {t.data, t.l1, host::hole_start, Mfn{0}}) {
        CHECK(!g.extended({on_frame(MMUEXT_NEW_BASEPTR, m)}).has_value());
        CHECK(g.state().kernel_root.mfn() == t.l4);
    }
    // The M2P is in the kernel's root and in no other.
    u64 const m2p_slot = arch::hypervisor_slots()[0];
    CHECK(table(t.l4)[256] == m2p_slot);
    REQUIRE(g.extended({on_frame(MMUEXT_NEW_USER_BASEPTR, other.l4)}).has_value());
    CHECK(table(other.l4)[256] == 0);
    REQUIRE(g.extended({on_frame(MMUEXT_NEW_BASEPTR, other.l4)}).has_value());
    CHECK(table(other.l4)[256] == m2p_slot);
    CHECK(mm::page_of(t.l4)->type_count() == 0);
    REQUIRE(g.extended({on_frame(MMUEXT_NEW_BASEPTR, t.l4)}).has_value());
    CHECK(table(other.l4)[256] == 0);
    REQUIRE(g.extended({on_frame(MMUEXT_NEW_USER_BASEPTR, Mfn{0})}).has_value());
    CHECK(!g.state().user_root);
}

TEST_CASE("PT-16 the machine-to-physical table changes only for own frames") {
    Guest g;
    Memory other{2};
    Mfn const own = g.frame();
    REQUIRE(g.update({store(own, 0, 0x1234, MMU_MACHPHYS_UPDATE)}).has_value());
    CHECK(mm::m2p_get(own) == Pfn{0x1234});
    Mfn const foreign = other.frame();
    Pfn const known = mm::m2p_get(foreign);
    for (Mfn const m : {foreign, host::hole_start, host::device_frame, Mfn{u64{1} << 51}})
        CHECK(!g.update({store(m, 0, 1, MMU_MACHPHYS_UPDATE)}).has_value());
    CHECK(mm::m2p_get(foreign) == known);
    CHECK(mm::m2p_get(own) == Pfn{0x1234});
    other.end();
}

TEST_CASE("a frame that is no table is written like memory, one in use as descriptors is not") {
    Guest g;
    Mfn const plain = g.frame();
    REQUIRE(g.update({store(plain, 7, 0xabcdef)}).has_value());
    CHECK(table(plain)[7] == 0xabcdef);
    Mfn const gdt = g.frame();
    REQUIRE(mm::get_type(*mm::page_of(gdt), PageType::segdesc, g.domain.memory).has_value());
    CHECK(!g.update({store(gdt, 7, 1)}).has_value());
    mm::put_type_sync(*mm::page_of(gdt));
}

TEST_CASE("PT-07 entries are found by address from the root, and not in the hypervisor's range") {
    Guest g;
    SmallTree const t{g};
    REQUIRE(g.extended({on_frame(MMUEXT_NEW_BASEPTR, t.l4)}).has_value());
    auto const found = arch::find_l1_entry(g.vcpu, Vaddr{0x1000});
    REQUIRE(found.has_value());
    CHECK(found->address == machine::frame_as<u64>(t.l1) + 1);
    for (u64 const va : {u64{0x200000}, u64{1} << 47, machine::hypervisor_start, machine::hypervisor_end - 1})
        CHECK(arch::find_l1_entry(g.vcpu, Vaddr{va}).error() == Errno::fault);
    // The table maps itself read-only at 0x2000: a store there is an update.
    auto const hit = arch::read_only_table_entry(g.vcpu, Vaddr{0x2008});
    REQUIRE(hit.has_value());
    CHECK(hit->address == machine::frame_as<u64>(t.l1) + 1);
    CHECK(!arch::read_only_table_entry(g.vcpu, Vaddr{0x1008}).has_value());
}

TEST_CASE("GT-07 a granted frame becomes no table of who maps it, nor of its owner while it is written to") {
    WithGrant given;
    auto& [g, t, granter, lent] = given;
    PageInfo& page = *mm::page_of(lent);
    for (bool const readonly : {true, false}) {
        auto const hold = *mm::FrameHold::take(lent, granter.owner(), !readonly);
        machine::GrantMapping const how{.frame = lent, .readonly = readonly};
        REQUIRE(machine::grant_map(g.vcpu, 0x1000, how).has_value());
        for (unsigned const pin :
             {MMUEXT_PIN_L1_TABLE, MMUEXT_PIN_L2_TABLE, MMUEXT_PIN_L3_TABLE, MMUEXT_PIN_L4_TABLE})
            CHECK(!g.extended({on_frame(pin, lent)}).has_value());
        CHECK(!g.extended({on_frame(MMUEXT_NEW_BASEPTR, lent)}).has_value());
        CHECK(!g.update({store(t.l2, 5, entry(lent, table_flags))}).has_value());
        CHECK(!g.update({store(t.l1, 5, entry(lent, data_flags))}).has_value());
        bool const is_table = mm::get_type(page, PageType::l1, granter.owner()).has_value();
        CHECK(is_table == readonly);
        if (is_table)
            mm::put_type_sync(page);
        REQUIRE(machine::grant_unmap(g.vcpu, 0x1000, how).has_value());
    }
}

TEST_CASE("what the tables allow is told by walking them, level by level") {
    Guest g;
    SmallTree const t{g};
    REQUIRE(g.extended({on_frame(MMUEXT_NEW_BASEPTR, t.l4)}).has_value());
    CHECK(arch::allows_access(g.vcpu, Vaddr{0x1000}, true));
    CHECK(arch::allows_access(g.vcpu, Vaddr{0x2000}, false));
    CHECK(!arch::allows_access(g.vcpu, Vaddr{0x2000}, true));
    for (u64 const va : {u64{0x200000}, u64{0x5000}, u64{1} << 47, machine::hypervisor_start})
        CHECK(!arch::allows_access(g.vcpu, Vaddr{va}, false));
}

TEST_CASE("GT-06 a granted frame's entry owns its reference until exactly it is unmapped") {
    WithGrant given;
    auto& [g, t, granter, lent] = given;
    PageInfo& page = *mm::page_of(lent);
    REQUIRE(mm::get_type(page, PageType::writable, granter.owner()).has_value());
    machine::GrantMapping const how{.frame = lent, .avail = 5};
    auto wrong = how, elsewhere = how;
    wrong.readonly = true;
    elsewhere.frame = g.frame();
    REQUIRE(machine::grant_map(g.vcpu, 0x1000, how).has_value());
    CHECK(table(t.l1)[1] == (entry(lent, 0x67) | u64{5} << 9 | u64{1} << 63));
    CHECK(mm::page_of(t.data)->type_count() == 0);  // what was there is released
    CHECK(machine::grant_unmap(g.vcpu, 0x1000, wrong).error() == Errno::inval);
    CHECK(machine::grant_unmap(g.vcpu, 0x1000, elsewhere).error() == Errno::inval);
    CHECK(table(t.l1)[1] == (entry(lent, 0x67) | u64{5} << 9 | u64{1} << 63));
    CHECK(!machine::grant_unmap(g.vcpu, 0x3000, how).has_value());
    CHECK(!machine::grant_unmap(g.vcpu, 0x40000000, how).has_value());
    CHECK(page.type_count() == 1);

    // Moved by entry address, then overwritten by the guest: the reference goes with it.
    REQUIRE(machine::grant_unmap(g.vcpu, 0x1000, how).has_value());
    CHECK(table(t.l1)[1] == 0);
    auto by_entry = how;
    by_entry.by_entry = true;
    u64 const at = (maddr_of(t.l1) + 9 * 8).raw();
    REQUIRE(machine::grant_map(g.vcpu, at, by_entry).has_value());
    for (u64 offset = 1; offset < 8; ++offset)
        CHECK(!machine::grant_map(g.vcpu, at + offset, by_entry).has_value());
    CHECK(!machine::grant_map(g.vcpu, maddr_of(t.data).raw(), by_entry).has_value());
    REQUIRE(g.update({store(t.l1, 9, 0)}).has_value());
    CHECK(page.type_count() == 0);
}

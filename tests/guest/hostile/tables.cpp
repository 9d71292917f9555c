// SPDX-License-Identifier: MIT
#include <array>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/hostile/attacks.hpp"
#include "tests/guest/pinned_table.hpp"
#include "tests/guest/verdict.hpp"

namespace hostile {
namespace {

using namespace rt;
namespace pt = rt::page_table;

constexpr u64 large_page = 1 << 7;

s64 update(u64 pointer, u64 value) {
    mmu_update_t const u{pointer, value};
    return verdict::raw(hypercall::mmu_update({&u, 1}));
}

using Table = PinnedTable;

// PT-05: no way of writing, and no flag, gets at the hypervisor's slots
void write_hypervisor_slots(Table const& l3) {
    Table const l4{MMUEXT_PIN_L4_TABLE};
    unsigned written = 0;
    for (usize slot = 256; slot < 272; ++slot)
        for (u64 const how : {u64{MMU_NORMAL_PT_UPDATE}, u64{MMU_PT_UPDATE_PRESERVE_AD}})
            for (u64 const entry : {pt::entry_for(l3.mfn(), pt::table), u64{0}})
                written += update(l4.at(slot) | how, entry) == 0;
    CHECK(written == 0);
    CHECK_ANSWER(update(l4.at(1), pt::entry_for(l3.mfn(), pt::table)), 0);
    CHECK_ANSWER(update(l4.at(1), 0), 0);
}

// PT-06: not to itself, not to another of its level, not round in a circle
// (read-only ones Xen allows; Granite does not, see the unit tests of D2)
void link_tables_of_one_level(unsigned pin_command) {
    Table const a{pin_command}, b{pin_command};
    CHECK(update(a.at(3), pt::entry_for(a.mfn(), pt::table)) < 0);
    CHECK(update(a.at(3), pt::entry_for(b.mfn(), pt::table)) < 0);
    CHECK(update(b.at(3), pt::entry_for(a.mfn(), pt::table)) < 0);
}

// PT-03 D3: large pages at any level, and addresses beyond the machine
void use_reserved_bits(Table const& l3, Table const& l2, Table const& l1, Pages const& page) {
    CHECK(update(l3.at(0), pt::entry_for(page.mfn(), pt::table | large_page)) < 0);
    CHECK(update(l2.at(0), pt::entry_for(page.mfn(), pt::table | large_page)) < 0);
    for (unsigned bit = 46; bit < 52; ++bit)
        for (Table const* table : {&l3, &l2, &l1})
            CHECK(update(table->at(0), pt::entry_for(page.mfn(), pt::data) | u64{1} << bit) < 0);
}

// PT-01 PT-13: tables of the wrong level, pages that are tables, frames of nobody
void link_what_is_not_ours(Table const& l3, Table const& l2, Table const& l1) {
    CHECK(update(l3.at(1), pt::entry_for(l1.mfn(), pt::table)) < 0);
    CHECK(update(l2.at(1), pt::entry_for(l3.mfn(), pt::table)) < 0);
    for (Table const* table : {&l3, &l2, &l1})
        CHECK(update(l1.at(1), pt::entry_for(table->mfn(), pt::data)) < 0);
    for (u64 const frame : {u64{0x200}, (u64{1} << 34) - 1, (u64{1} << 40) - 1})
        for (Table const* table : {&l3, &l2})
            CHECK(update(table->at(1), pt::entry_for(Mfn{frame}, pt::table)) < 0);
}

// PT-09 PT-19: pins and roots of every wrong kind
void pin_what_is_none(Table const& l3, Table const& l1) {
    CHECK(mmuext(MMUEXT_PIN_L4_TABLE, l3.mfn()) < 0);
    CHECK(mmuext(MMUEXT_PIN_L2_TABLE, l1.mfn()) < 0);
    CHECK(mmuext(MMUEXT_NEW_BASEPTR, l3.mfn()) < 0);
    CHECK(mmuext(MMUEXT_NEW_USER_BASEPTR, l1.mfn()) < 0);
    for (u64 const frame : {u64{0x200}, (u64{1} << 40) - 1, ~u64{0}})
        for (unsigned const cmd :
             {MMUEXT_PIN_L1_TABLE, MMUEXT_PIN_L4_TABLE, MMUEXT_UNPIN_TABLE, MMUEXT_NEW_BASEPTR})
            CHECK(mmuext(cmd, Mfn{frame}) < 0);
}

}  // namespace

void attack_by_tables() {
    auto const page = Pages::allocate();
    for (unsigned const level : {MMUEXT_PIN_L2_TABLE, MMUEXT_PIN_L3_TABLE, MMUEXT_PIN_L4_TABLE})
        link_tables_of_one_level(level);
    Table const l3{MMUEXT_PIN_L3_TABLE}, l2{MMUEXT_PIN_L2_TABLE}, l1{MMUEXT_PIN_L1_TABLE};
    write_hypervisor_slots(l3);
    use_reserved_bits(l3, l2, l1, *page);
    link_what_is_not_ours(l3, l2, l1);
    pin_what_is_none(l3, l1);
}

}  // namespace hostile

// SPDX-License-Identifier: MIT
// mmuext_op beside pins and roots: pages, descriptor tables, flushes.
#include <algorithm>

#include "tests/unit/arch/pv/guest_on_tables.hpp"

using namespace pt;

namespace {

mmuext_op_t at_address(unsigned cmd, u64 va) {
    mmuext_op_t op{};
    op.cmd = cmd;
    op.arg1.linear_addr = va;
    return op;
}
mmuext_op_t ldt(u64 va, u32 entries) {
    mmuext_op_t op = at_address(MMUEXT_SET_LDT, va);
    op.arg2.nr_ents = entries;
    return op;
}
// The bitmap lies behind the ops, where the caller can read it.
mmuext_op_t for_vcpus(unsigned cmd, u64 bitmap_va) {
    mmuext_op_t op = at_address(cmd, 0x5000);
    op.arg2.vcpumask.p = reinterpret_cast<void*>(bitmap_va);
    return op;
}

bool is_zero(Mfn m) {
    return std::ranges::all_of(std::span{table(m), 512}, [](u64 word) { return word == 0; });
}

}  // namespace

TEST_CASE("PT-13 a page is cleared or copied only in frames that may be written, and are the domain's") {
    Guest g;
    SmallTree const t{g};
    REQUIRE(g.extended({on_frame(MMUEXT_PIN_L4_TABLE, t.l4)}).has_value());
    Memory other{9};
    Mfn const foreign = other.frame(), fresh = g.frame();
    for (unsigned const cmd : {MMUEXT_CLEAR_PAGE, MMUEXT_COPY_PAGE})
        for (Mfn const m : {t.l1, t.l4, foreign, host::hole_start, host::device_frame}) {
            auto op = on_frame(cmd, m);
            op.arg2.src_mfn = t.data.raw();
            CHECK_FALSE(g.extended({op}).has_value());
        }
    CHECK(table(t.l4)[0] == entry(t.l3, table_flags));

    table(t.data)[17] = 0x1234;
    auto copy = on_frame(MMUEXT_COPY_PAGE, fresh);
    copy.arg2.src_mfn = t.data.raw();
    REQUIRE(g.extended({copy}).has_value());
    CHECK(table(fresh)[17] == 0x1234);
    // What is only read may be a table of its own.
    copy.arg2.src_mfn = t.l4.raw();
    CHECK(g.extended({copy}).has_value());
    copy.arg2.src_mfn = foreign.raw();
    CHECK_FALSE(g.extended({copy}).has_value());
    REQUIRE(g.extended({on_frame(MMUEXT_CLEAR_PAGE, fresh)}).has_value());
    CHECK(is_zero(fresh));
    CHECK(mm::page_of(fresh)->type_count() == 0);
    other.end();
}

TEST_CASE("DT-3 an LDT is whole pages of the guest's range, or it stays as it was") {
    Guest g;
    REQUIRE(g.extended({ldt(0x700000, 8192)}).has_value());
    CHECK(g.state().ldt_base == 0x700000);
    for (auto const& bad : {ldt(0x700000, 8193), ldt(0x700008, 16), ldt(machine::hypervisor_start, 1),
                            ldt((u64{1} << 47) - page_size, 513), ldt(u64{1} << 63, 1)})
        CHECK_FALSE(g.extended({bad}).has_value());
    CHECK(g.state().ldt_entries == 8192);
    REQUIRE(g.extended({ldt(0, 0)}).has_value());
    CHECK(g.state().ldt_entries == 0);
}

TEST_CASE("TLB-4 a flush names vcpus that can be read, and addresses outside are nobody's") {
    Guest g;
    host::tlb() = {};
    u64 const bitmap = arguments.raw() + page_size;
    REQUIRE(g.extended({for_vcpus(MMUEXT_TLB_FLUSH_MULTI, bitmap)}).has_value());
    REQUIRE(g.extended({at_address(MMUEXT_TLB_FLUSH_LOCAL, 0)}).has_value());
    REQUIRE(g.extended({at_address(MMUEXT_TLB_FLUSH_ALL, 0)}).has_value());
    CHECK(host::tlb().flushes.size() == 3);
    REQUIRE(g.extended({for_vcpus(MMUEXT_INVLPG_MULTI, bitmap)}).has_value());
    REQUIRE(g.extended({at_address(MMUEXT_INVLPG_ALL, 0x5000)}).has_value());
    CHECK(host::tlb().page_flushes == std::vector{Vaddr{0x5000}, Vaddr{0x5000}});
    for (u64 const outside : {u64{1} << 47, u64{1} << 63, machine::hypervisor_start})
        REQUIRE(g.extended({at_address(MMUEXT_INVLPG_ALL, outside)}).has_value());
    CHECK(host::tlb().page_flushes.size() == 2);
    for (unsigned const cmd : {MMUEXT_TLB_FLUSH_MULTI, MMUEXT_INVLPG_MULTI})
        for (u64 const nowhere : {u64{0x900000}, u64{1} << 63, machine::hypervisor_start})
            CHECK(g.extended({for_vcpus(cmd, nowhere)}).error() == Errno::fault);
    CHECK(host::tlb().flushes.size() == 3);
}

TEST_CASE("HC-1 caches are nobody's to flush, and operations that there are not are refused") {
    Guest g;
    CHECK(g.extended({at_address(MMUEXT_FLUSH_CACHE, 0)}).error() == Errno::access);
    CHECK(g.extended({at_address(MMUEXT_FLUSH_CACHE_GLOBAL, 0)}).error() == Errno::access);
    for (unsigned const cmd : {4u + 100, 19u, 20u, ~0u})
        CHECK(g.extended({at_address(cmd, 0)}).error() == Errno::nosys);
}

// SPDX-License-Identifier: MIT
// Direct paging: which entries a guest may make, which tables it may pin, and
// that a refusal changes nothing.
#include <array>
#include <cstring>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/entries.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;
namespace pt = rt::page_table;

constexpr u64 large_page = 1 << 7;

s64 set_va(Vaddr at, u64 entry, u64 flags = UVMF_INVLPG) {
    return verdict::raw(hypercall::update_va_mapping(at, entry, flags));
}
s64 set_va(void const* at, u64 entry, u64 flags = UVMF_INVLPG) {
    return set_va(Vaddr{hypercall::address(at)}, entry, flags);
}

s64 update(u64 pointer, u64 value, u32* done = nullptr) {
    mmu_update_t const u{pointer, value};
    return verdict::raw(hypercall::mmu_update({&u, 1}, hypercall::self, done));
}

s64 ext(unsigned cmd, Mfn mfn) {
    mmuext_op_t op{};
    op.cmd = cmd;
    op.arg1.mfn = mfn.raw();
    return verdict::raw(hypercall::mmuext_op({&op, 1}));
}

Mfn root() {
    return mfn_of(reinterpret_cast<void const*>(rt::start_info().pt_base));
}

// A page made read-only, so that it can become a table.
class TablePage {
    Pages page_;

  public:
    TablePage() : page_{std::move(*Pages::allocate())} {}
    ~TablePage() { (void)set_va(page_.data(), pt::entry_for(mfn(), pt::data)); }
    TablePage(TablePage const&) = delete;

    [[nodiscard]] Mfn mfn() const { return page_.mfn(); }
    void fill(usize index, u64 entry) { page_.as<u64>()[index] = entry; }
    void protect() { CHECK_ANSWER(set_va(page_.data(), pt::entry_for(mfn(), pt::read_only_data)), 0); }
    [[nodiscard]] u64 entry_address(usize index = 0) const { return maddr_of(mfn()).raw() + index * 8; }
    [[nodiscard]] u64 read(usize index) const { return page_.as<u64>()[index]; }
};

void check_pin() {
    TablePage table;
    auto target = Pages::allocate();
    table.fill(3, pt::entry_for(target->mfn(), pt::data));
    // Still mapped writable: cannot be a table.
    CHECK_ANSWER(ext(MMUEXT_PIN_L1_TABLE, table.mfn()), Errno::inval);
    table.protect();
    CHECK_ANSWER(ext(MMUEXT_PIN_L1_TABLE, table.mfn()), 0);
    CHECK_ANSWER(ext(MMUEXT_PIN_L1_TABLE, table.mfn()), Errno::inval);
    CHECK_ANSWER(ext(MMUEXT_PIN_L2_TABLE, table.mfn()), Errno::inval);
    // Nobody can write to a table.
    CHECK_ANSWER(set_va(target->data(), pt::entry_for(table.mfn(), pt::data)), Errno::busy);
    CHECK_ANSWER(set_va(target->data(), pt::entry_for(table.mfn(), pt::read_only_data)), 0);
    CHECK(target->as<u64>()[3] == table.read(3));
    CHECK_ANSWER(set_va(target->data(), pt::entry_for(target->mfn(), pt::data)), 0);
    CHECK_ANSWER(ext(MMUEXT_UNPIN_TABLE, table.mfn()), 0);
    CHECK_ANSWER(ext(MMUEXT_UNPIN_TABLE, table.mfn()), Errno::inval);
}

void check_bad_contents() {
    TablePage table;
    table.fill(0, pt::entry_for(root(), pt::data));  // a writable view of the root
    table.protect();
    CHECK_ANSWER(ext(MMUEXT_PIN_L1_TABLE, table.mfn()), Errno::busy);
    CHECK(same_entry(table.read(0), pt::entry_for(root(), pt::data)));
}

void check_entries() {
    TablePage table;
    auto target = Pages::allocate();
    table.protect();
    CHECK_ANSWER(ext(MMUEXT_PIN_L1_TABLE, table.mfn()), 0);
    u64 const good = pt::entry_for(target->mfn(), pt::data);
    CHECK_ANSWER(update(table.entry_address(7), good), 0);
    CHECK(same_entry(table.read(7), good));
    // Accessed and dirty survive where asked for.
    u64 const clean = good & ~(pt::accessed | pt::dirty);
    CHECK_ANSWER(update(table.entry_address(7) | MMU_PT_UPDATE_PRESERVE_AD, clean), 0);
    CHECK(same_entry(table.read(7), good));
    CHECK_ANSWER(update(table.entry_address(7), clean), 0);
    CHECK(same_entry(table.read(7), clean));
    // Anything may stand in an entry that is not present.
    CHECK_ANSWER(update(table.entry_address(8), 0x00000f0f0f0f0ff0), 0);
    CHECK(table.read(8) == 0x00000f0f0f0f0ff0);
    // The low three bits of the address choose the operation.
    CHECK_ANSWER(update(table.entry_address(7) + 4, good), Errno::nosys);
    CHECK(same_entry(table.read(7), clean));
    CHECK_ANSWER(update(table.entry_address(7), 0), 0);
    CHECK_ANSWER(ext(MMUEXT_UNPIN_TABLE, table.mfn()), 0);
}

// PT-05 PT-06 D3: upper tables refuse large pages and hypervisor slots.
void check_upper_tables() {
    TablePage l2;
    auto target = Pages::allocate();
    l2.fill(0, pt::entry_for(target->mfn(), pt::table | large_page));
    l2.protect();
    CHECK_ANSWER(ext(MMUEXT_PIN_L2_TABLE, l2.mfn()), Errno::inval);
    u64 const l4 = maddr_of(root()).raw();
    for (unsigned const slot : {256u, 260u, 271u})
        CHECK_ANSWER(update(l4 + slot * 8, pt::entry_for(l2.mfn(), pt::table)), Errno::inval);
    // A root that refers to itself.
    CHECK_ANSWER(update(l4 + 300 * 8, pt::entry_for(root(), pt::table)), Errno::inval);
}

void check_foreign_frames() {
    auto page = Pages::allocate();
    u64 const before = pt::entry_for(page->mfn(), pt::data);
    Mfn const beyond{(u64{1} << 40) - 1};
    CHECK(set_va(page->data(), pt::entry_for(beyond, pt::data)) < 0);
    // The hypervisor's own memory lies low: its first frames belong to nobody else.
    CHECK(set_va(page->data(), pt::entry_for(Mfn{0x200}, pt::data)) < 0);
    page->as<u64>()[0] = 1;
    CHECK_ANSWER(set_va(page->data(), before), 0);
}

void check_no_table() {
    CHECK_ANSWER(set_va(Vaddr{0x600000000000}, 0), Errno::inval);
    CHECK(set_va(Vaddr{0xffff800000001000}, 0) < 0);
}

void check_count() {
    TablePage table;
    table.protect();
    CHECK_ANSWER(ext(MMUEXT_PIN_L1_TABLE, table.mfn()), 0);
    std::array const updates{mmu_update_t{table.entry_address(0), 0}, mmu_update_t{table.entry_address(1), 0},
                             mmu_update_t{table.entry_address(2), pt::entry_for(table.mfn(), pt::data)},
                             mmu_update_t{table.entry_address(3), 0}};
    u32 done = 99;
    CHECK_ANSWER(hypercall::mmu_update(updates, hypercall::self, &done), Errno::busy);
    CHECK(done == 2);
    CHECK_ANSWER(ext(MMUEXT_UNPIN_TABLE, table.mfn()), 0);
}

void check_machphys() {
    auto page = Pages::allocate();
    auto const* const m2p = reinterpret_cast<u64 const*>(0xffff800000000000);
    u64 const pfn = m2p[page->mfn().raw()];
    CHECK_ANSWER(update(maddr_of(page->mfn()).raw() | MMU_MACHPHYS_UPDATE, pfn ^ 0x40000000), 0);
    CHECK(m2p[page->mfn().raw()] == (pfn ^ 0x40000000));
    CHECK_ANSWER(update(maddr_of(page->mfn()).raw() | MMU_MACHPHYS_UPDATE, pfn), 0);
    CHECK(!try_write(const_cast<u64*>(m2p + page->mfn().raw()), 0));
    CHECK(update(maddr_of(Mfn{1ul << 39}).raw() | MMU_MACHPHYS_UPDATE, 1) < 0);
}

// Plain memory may be written by frame, too.
void check_plain_store() {
    auto page = Pages::allocate();
    CHECK_ANSWER(update(maddr_of(page->mfn()).raw() + 16, 0x1234567), 0);
    CHECK(page->as<u64>()[2] == 0x1234567);
}

void check_unknown() {
    CHECK_ANSWER(ext(77, root()), Errno::nosys);
    CHECK_ANSWER(ext(MMUEXT_NEW_BASEPTR, Mfn{u64{1} << 38}), Errno::inval);
    CHECK_ANSWER(ext(MMUEXT_TLB_FLUSH_LOCAL, root()), 0);
    CHECK_ANSWER(ext(MMUEXT_TLB_FLUSH_ALL, root()), 0);
    CHECK_ANSWER(ext(MMUEXT_NEW_USER_BASEPTR, Mfn{0}), 0);
}

}  // namespace

int main() {
    check_pin();
    check_bad_contents();
    check_entries();
    check_upper_tables();
    check_foreign_frames();
    check_no_table();
    check_count();
    check_machphys();
    check_plain_store();
    check_unknown();
    return verdict::finish();
}

// SPDX-License-Identifier: MIT
// Descriptor tables: what a GDT page may hold, and that gates and task segments
// never get in.
#include <array>

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;
namespace pt = rt::page_table;

constexpr u64 data_ring3 = 0x00cff3000000ffff;
constexpr u64 data_ring0 = 0x00cf93000000ffff;
constexpr u64 dpl3 = u64{3} << 45;
constexpr u64 available_tss = 0x0000890000000067;
constexpr u64 interrupt_gate = 0x00008e0000080000;

s64 set_gdt(u64 const* frames, u32 entries) {
    return hypercall::raw(__HYPERVISOR_set_gdt, hypercall::address(frames), entries);
}
s64 update(u64 maddr, u64 descriptor) {
    return hypercall::raw(__HYPERVISOR_update_descriptor, maddr, descriptor);
}

s64 protect(Pages const& p, u64 flags) {
    return verdict::raw(hypercall::update_va_mapping(Vaddr{hypercall::address(p.data())},
                                                     pt::entry_for(p.mfn(), flags), UVMF_INVLPG));
}

u32 limit_of(u16 selector) {
    u32 limit = 0;
    bool ok = false;
    asm volatile("lsl %2, %0" : "=r"(limit), "=@ccz"(ok) : "r"(u32{selector}));
    return ok ? limit : 0;
}

void check_gdt() {
    auto page = Pages::allocate();
    page->as<u64>()[1] = data_ring0;
    page->as<u64>()[2] = (data_ring3 & ~u64{0xf00000000ffff}) | 0x1234 | u64{0x40} << 48;
    u64 const frame = page->mfn().raw();
    // Mapped writable: not yet.
    CHECK_ANSWER(set_gdt(&frame, 16), Errno::inval);
    CHECK_ANSWER(protect(*page, pt::read_only_data), 0);
    CHECK_ANSWER(set_gdt(&frame, 7169), Errno::inval);
    CHECK_ANSWER(set_gdt(&frame, 16), 0);
    // Ring 0 was asked for and ring 3 given.
    CHECK(page->as<u64>()[1] == (data_ring0 | dpl3));
    CHECK(limit_of(2 << 3 | 3) != 0);
    CHECK(protect(*page, pt::data) < 0);
    u64 const slot = maddr_of(page->mfn()).raw() + 3 * 8;
    CHECK_ANSWER(update(slot, data_ring3), 0);
    CHECK((page->as<u64>()[3] | u64{1} << 40) == (data_ring3 | u64{1} << 40));
    CHECK_ANSWER(update(slot, available_tss), Errno::inval);
    CHECK_ANSWER(update(slot, interrupt_gate), Errno::inval);
    CHECK_ANSWER(update(slot + 1, data_ring3), Errno::inval);
    CHECK_ANSWER(update(slot, 0), 0);
    CHECK_ANSWER(set_gdt(nullptr, 0), 0);
    CHECK_ANSWER(protect(*page, pt::data), 0);
}

// DT-1: a page with a gate or a task in it is no descriptor table
void check_bad_page() {
    auto page = Pages::allocate();
    page->as<u64>()[5] = available_tss;
    CHECK_ANSWER(protect(*page, pt::read_only_data), 0);
    u64 const frame = page->mfn().raw();
    CHECK_ANSWER(set_gdt(&frame, 16), Errno::inval);
    CHECK_ANSWER(protect(*page, pt::data), 0);
    u64 const nowhere = u64{1} << 38;
    CHECK(set_gdt(&nowhere, 16) < 0);
}

}  // namespace

int main() {
    check_gdt();
    check_bad_page();
    return verdict::finish();
}

// SPDX-License-Identifier: MIT
// memory_op: giving frames back and getting others, exchanging them for
// contiguous ones, and what is refused.
#include <array>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/page_table.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;
namespace pt = rt::page_table;

s64 reservation(unsigned cmd) {
    domid_t dom = DOMID_SELF;
    return verdict::raw(hypercall::memory_op(cmd, dom));
}

s64 set_va(void const* at, u64 entry) {
    return verdict::raw(hypercall::update_va_mapping(Vaddr{hypercall::address(at)}, entry, UVMF_INVLPG));
}

xen_memory_reservation_t request(xen_pfn_t* extents, u64 count, unsigned order = 0) {
    xen_memory_reservation_t r{};
    set_xen_guest_handle(r.extent_start, extents);
    r.nr_extents = count;
    r.extent_order = order;
    r.domid = DOMID_SELF;
    return r;
}

u64 m2p(u64 mfn) {
    return reinterpret_cast<u64 const*>(0xffff800000000000)[mfn];
}

void check_decrease_and_populate() {
    auto page = Pages::allocate();
    Mfn const old = page->mfn();
    u64 const pfn = m2p(old.raw());
    s64 const before = reservation(XENMEM_current_reservation);
    CHECK(before > 0);
    xen_pfn_t frame = old.raw();
    // Still mapped: the frame goes, but only with its last mapping.
    CHECK_ANSWER(set_va(page->data(), 0), 0);
    auto down = request(&frame, 1);
    CHECK_ANSWER(hypercall::memory_op(XENMEM_decrease_reservation, down), 1);
    CHECK_ANSWER(reservation(XENMEM_current_reservation), before - 1);
    CHECK_ANSWER(hypercall::memory_op(XENMEM_decrease_reservation, down), 0);
    xen_pfn_t fresh = pfn;
    auto up = request(&fresh, 1);
    CHECK_ANSWER(hypercall::memory_op(XENMEM_populate_physmap, up), 1);
    CHECK_ANSWER(reservation(XENMEM_current_reservation), before);
    CHECK(m2p(fresh) == pfn);
    CHECK_ANSWER(set_va(page->data(), pt::entry_for(Mfn{fresh}, pt::data)), 0);
    bool zero = true;
    for (usize i = 0; i < 512; ++i)
        zero = zero && page->as<u64>()[i] == 0;
    CHECK(zero);
    (void)page->release();
}

void check_refusals() {
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_memory_op, 63, 0), Errno::nosys);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_memory_op, XENMEM_current_reservation, 0x10), Errno::fault);
    // This one counts extents and has no other answer.
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, 0x10), 0);
    domid_t nobody = 0x1234;
    CHECK_ANSWER(hypercall::memory_op(XENMEM_current_reservation, nobody), Errno::srch);
    xen_pfn_t frame = u64{1} << 39;
    auto down = request(&frame, 1);
    CHECK_ANSWER(hypercall::memory_op(XENMEM_decrease_reservation, down), 0);
    auto huge = request(&frame, 1, 60);
    CHECK(verdict::raw(hypercall::memory_op(XENMEM_populate_physmap, huge)) <= 0);
}

void check_machphys() {
    xen_machphys_mapping_t m{};
    CHECK_ANSWER(hypercall::memory_op(XENMEM_machphys_mapping, m), 0);
    CHECK(m.v_start == 0xffff800000000000 && m.v_end > m.v_start && m.max_mfn > 0);
}

void check_memory_map() {
    std::array<u64, 128 * 20 / 8> buffer{};
    xen_memory_map_t map{};
    map.nr_entries = 128;
    set_xen_guest_handle(map.buffer, buffer.data());
    s64 const r = verdict::raw(
        hypercall::memory_op(is_initial_domain() ? XENMEM_machine_memory_map : XENMEM_memory_map, map));
    CHECK(r == 0);
    CHECK(map.nr_entries >= 1);
}

void check_exchange() {
    auto pages = Pages::allocate(4);
    std::array<xen_pfn_t, 4> in{};
    std::array<u64, 4> pfns{};
    for (usize i = 0; i < 4; ++i) {
        in[i] = pages->mfn(i).raw();
        pfns[i] = m2p(in[i]);
        CHECK_ANSWER(set_va(pages->data() + i * page_size, 0), 0);
    }
    xen_pfn_t out = pfns[0];
    xen_memory_exchange_t x{};
    x.in = request(in.data(), 4);
    x.out = request(&out, 1, 2);
    CHECK_ANSWER(hypercall::memory_op(XENMEM_exchange, x), 0);
    CHECK(x.nr_exchanged == 4);
    CHECK(out % 4 == 0);
    for (usize i = 0; i < 4; ++i) {
        CHECK(m2p(out + i) == pfns[0] + i);
        CHECK_ANSWER(set_va(pages->data() + i * page_size, pt::entry_for(Mfn{out + i}, pt::data)), 0);
        pages->as<u64>()[i * 512] = i;
    }
    CHECK(pages->as<u64>()[3 * 512] == 3);
    (void)pages->release();
}

}  // namespace

int main() {
    check_decrease_and_populate();
    check_refusals();
    check_machphys();
    check_memory_map();
    check_exchange();
    return verdict::finish();
}

// SPDX-License-Identifier: MIT
// Grant tables, version 1: a domain that grants to itself sees both sides. Maps,
// copies, the status bits in the shared entry, and every refusal.
#include <array>
#include <cstring>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;

// Grants name the peer by its number, even when it is the granter itself.
DomId me{0};

gnttab_map_grant_ref_t map_request(GrantRef ref, Vaddr at, u32 flags) {
    gnttab_map_grant_ref_t m{};
    m.host_addr = at.raw();
    m.flags = flags;
    m.ref = ref.raw();
    m.dom = me.raw();
    return m;
}

s16 map(gnttab_map_grant_ref_t& m) {
    m.status = 77;
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_map_grant_ref, m), 0);
    return m.status;
}

s16 unmap(u32 handle, Vaddr at) {
    gnttab_unmap_grant_ref_t u{};
    u.host_addr = at.raw();
    u.handle = handle;
    u.status = 77;
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_unmap_grant_ref, u), 0);
    return u.status;
}

void check_map(Window const& window) {
    auto page = Pages::allocate();
    auto grant = Grant::allow(me, page->mfn(), Access::read_write);
    page->as<u64>()[5] = 0xabcdef;
    auto m = map_request(grant->ref(), window.address(), GNTMAP_host_map);
    CHECK(map(m) == GNTST_okay);
    auto* const seen = reinterpret_cast<u64*>(window.data());
    CHECK(seen[5] == 0xabcdef);
    seen[6] = 42;
    CHECK(page->as<u64>()[6] == 42);
    CHECK(!grant->end());
    CHECK(unmap(m.handle, window.address() + page_size) != GNTST_okay);
    CHECK(unmap(m.handle, window.address()) == GNTST_okay);
    CHECK(unmap(m.handle, window.address()) == GNTST_bad_handle);
    CHECK(grant->end());
}

void check_read_only(Window const& window) {
    auto page = Pages::allocate();
    auto grant = Grant::allow(me, page->mfn(), Access::read_only);
    auto writable = map_request(grant->ref(), window.address(), GNTMAP_host_map);
    CHECK(map(writable) != GNTST_okay);
    auto m = map_request(grant->ref(), window.address(), GNTMAP_host_map | GNTMAP_readonly);
    CHECK(map(m) == GNTST_okay);
    CHECK(unmap(m.handle, window.address()) == GNTST_okay);
    CHECK(grant->end());
}

void check_bad_maps(Window const& window) {
    auto m = map_request(GrantRef{0xfffffff}, window.address(), GNTMAP_host_map);
    CHECK(map(m) == GNTST_bad_gntref);
    auto page = Pages::allocate();
    auto grant = Grant::allow(DomId{99}, page->mfn(), Access::read_write);
    m = map_request(grant->ref(), window.address(), GNTMAP_host_map);
    CHECK(map(m) == GNTST_general_error);
    m.dom = 0x4321;
    CHECK(map(m) == GNTST_bad_domain);
    m = map_request(grant->ref(), window.address(), 0);
    CHECK(map(m) == GNTST_bad_gntref);
    CHECK(grant->end());
    CHECK(unmap(0xffff, window.address()) == GNTST_bad_handle);
}

s16 unmap_device(u32 handle, u64 bus_address) {
    gnttab_unmap_grant_ref_t u{};
    u.dev_bus_addr = bus_address;
    u.handle = handle;
    u.status = 77;
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_unmap_grant_ref, u), 0);
    return u.status;
}

// For devices alone: an address for them, and none of ours.
void check_device_maps() {
    auto page = Pages::allocate();
    auto grant = Grant::allow(me, page->mfn(), Access::read_write);
    auto first = map_request(grant->ref(), Vaddr{0}, GNTMAP_device_map);
    auto second = map_request(grant->ref(), Vaddr{0}, GNTMAP_device_map | GNTMAP_readonly);
    CHECK(map(first) == GNTST_okay);
    CHECK(map(second) == GNTST_okay);
    CHECK(first.dev_bus_addr == maddr_of(page->mfn()).raw());
    CHECK(second.dev_bus_addr == first.dev_bus_addr);
    CHECK(first.handle != second.handle);
    CHECK(unmap_device(first.handle, first.dev_bus_addr + page_size) != GNTST_okay);
    CHECK(unmap_device(first.handle, first.dev_bus_addr) == GNTST_okay);
    CHECK(unmap_device(first.handle, first.dev_bus_addr) == GNTST_bad_handle);
    CHECK(!grant->end());
    CHECK(unmap_device(second.handle, second.dev_bus_addr) == GNTST_okay);
    CHECK(grant->end());

    auto readable = Grant::allow(me, page->mfn(), Access::read_only);
    auto m = map_request(readable->ref(), Vaddr{0}, GNTMAP_device_map);
    CHECK(map(m) != GNTST_okay);
    CHECK(readable->end());
}

// The same grant for both, ended one by one.
void check_both_kinds(Window const& window) {
    auto page = Pages::allocate();
    auto grant = Grant::allow(me, page->mfn(), Access::read_write);
    auto m = map_request(grant->ref(), window.address(), GNTMAP_host_map | GNTMAP_device_map);
    CHECK(map(m) == GNTST_okay);
    CHECK(unmap_device(m.handle, m.dev_bus_addr) == GNTST_okay);
    CHECK(!grant->end());
    CHECK(unmap(m.handle, window.address()) == GNTST_okay);
    CHECK(grant->end());
}

gnttab_copy_t copy_by_refs(Grant const& from, Grant const& to, u16 source_offset, u16 dest_offset, u16 len) {
    gnttab_copy_t c{};
    c.source.u.ref = from.ref().raw();
    c.source.domid = me.raw();
    c.source.offset = source_offset;
    c.dest.u.ref = to.ref().raw();
    c.dest.domid = me.raw();
    c.dest.offset = dest_offset;
    c.len = len;
    c.flags = GNTCOPY_source_gref | GNTCOPY_dest_gref;
    c.status = 77;
    return c;
}

s16 copy(gnttab_copy_t& c) {
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_copy, c), 0);
    return c.status;
}

void check_copy() {
    auto a = Pages::allocate(), b = Pages::allocate();
    auto from = Grant::allow(me, a->mfn(), Access::read_only);
    auto to = Grant::allow(me, b->mfn(), Access::read_write);
    for (usize i = 0; i < page_size; ++i)
        a->data()[i] = static_cast<std::byte>(i * 7);
    auto c = copy_by_refs(*from, *to, 3, 501, 1500);
    CHECK(copy(c) == GNTST_okay);
    CHECK(std::memcmp(a->data() + 3, b->data() + 501, 1500) == 0);
    CHECK(b->data()[500] == std::byte{0} && b->data()[2001] == std::byte{0});
    auto over = copy_by_refs(*from, *to, 4000, 0, 97);
    CHECK(copy(over) == GNTST_bad_copy_arg);
    auto far = copy_by_refs(*from, *to, 0, 4096, 1);
    CHECK(copy(far) == GNTST_bad_copy_arg);
    auto whole = copy_by_refs(*from, *to, 0, 0, 4096);
    CHECK(copy(whole) == GNTST_okay);
    // Into a page granted for reading only.
    auto backwards = copy_by_refs(*to, *from, 0, 0, 8);
    CHECK(copy(backwards) != GNTST_okay);
    // By frame: only one's own.
    auto by_frame = copy_by_refs(*from, *to, 0, 0, 8);
    by_frame.flags = GNTCOPY_dest_gref;
    by_frame.source.domid = DOMID_SELF;
    by_frame.source.u.gmfn = a->mfn().raw();
    CHECK(copy(by_frame) == GNTST_okay);
    CHECK(from->end() && to->end());
}

// Each element of a batch has its own status; the whole answers 0.
void check_batch() {
    auto a = Pages::allocate(), b = Pages::allocate();
    auto from = Grant::allow(me, a->mfn(), Access::read_only);
    auto to = Grant::allow(me, b->mfn(), Access::read_write);
    std::array batch{copy_by_refs(*from, *to, 0, 0, 16), copy_by_refs(*from, *to, 4095, 0, 2),
                     copy_by_refs(*from, *to, 16, 16, 16)};
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_copy, std::span<gnttab_copy_t>{batch}), 0);
    CHECK(batch[0].status == GNTST_okay);
    CHECK(batch[1].status == GNTST_bad_copy_arg);
    CHECK(batch[2].status == GNTST_okay);
    CHECK(from->end() && to->end());
}

void check_table_calls() {
    gnttab_query_size_t q{};
    q.dom = DOMID_SELF;
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_query_size, q), 0);
    CHECK(q.status == GNTST_okay && q.nr_frames >= 1 && q.max_nr_frames >= q.nr_frames);
    gnttab_setup_table_t s{};
    s.dom = DOMID_SELF;
    s.nr_frames = q.max_nr_frames + 1;
    xen_pfn_t frame = 0;
    set_xen_guest_handle(s.frame_list, &frame);
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_setup_table, s), 0);
    CHECK(s.status == GNTST_general_error);
    gnttab_get_version_t version{};
    version.dom = DOMID_SELF;
    CHECK_ANSWER(hypercall::grant_table_op(GNTTABOP_get_version, version), 0);
    CHECK(version.version == 1);
    gnttab_transfer_t transfer{};
    CHECK_ANSWER(hypercall::grant_table_op(99, transfer), Errno::nosys);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_grant_table_op, GNTTABOP_copy, 0x10, 1), Errno::fault);
}

}  // namespace

int main() {
    if (!is_initial_domain())
        return verdict::skip("grants to itself by number; only the first domain knows its own");
    auto window = Window::reserve(2);
    if (!window)
        return verdict::error("no window to map into");
    check_map(*window);
    check_read_only(*window);
    check_bad_maps(*window);
    check_device_maps();
    check_both_kinds(*window);
    check_copy();
    check_batch();
    check_table_calls();
    return verdict::finish();
}

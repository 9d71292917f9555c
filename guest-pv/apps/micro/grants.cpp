// SPDX-License-Identifier: MIT
// Grants of a domain to itself.
#include <array>

#include "guest-pv/apps/micro/measure.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/grant/grant.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "guest-pv/rt/memory/pages.hpp"

namespace micro {
namespace {

using namespace rt;

constexpr unsigned batch = 64;

void copies(Grant const& from, Grant const& to) {
    static std::array<gnttab_copy_t, batch> ops;
    for (auto& c : ops) {
        c = {};
        c.source.u.ref = from.ref().raw();
        c.dest.u.ref = to.ref().raw();
        c.len = 1500;
        c.flags = GNTCOPY_source_gref | GNTCOPY_dest_gref;
    }
    measure("grant_copy_1500", [] { (void)hypercall::grant_table_op(GNTTABOP_copy, ops.front()); });
    measure(
        "grant_copy_1500_batched",
        [] { (void)hypercall::grant_table_op(GNTTABOP_copy, std::span<gnttab_copy_t>{ops}); }, batch);
}

void mappings(Grant const& grant) {
    auto window = Window::reserve(1);
    measure("grant_map_unmap", [&] {
        gnttab_map_grant_ref_t m{};
        m.host_addr = window->address().raw();
        m.flags = GNTMAP_host_map;
        m.ref = grant.ref().raw();
        (void)hypercall::grant_table_op(GNTTABOP_map_grant_ref, m);
        gnttab_unmap_grant_ref_t u{};
        u.host_addr = m.host_addr;
        u.handle = m.handle;
        (void)hypercall::grant_table_op(GNTTABOP_unmap_grant_ref, u);
    });
}

// For devices alone: no page-table entry is involved.
void device_mappings(Grant const& grant) {
    static std::array<gnttab_map_grant_ref_t, batch> maps;
    static std::array<gnttab_unmap_grant_ref_t, batch> unmaps;
    auto const map_and_unmap = [&](usize count) {
        for (auto& m : std::span{maps}.first(count))
            m = {.host_addr = 0,
                 .flags = GNTMAP_device_map,
                 .ref = grant.ref().raw(),
                 .dom = 0,
                 .status = 0,
                 .handle = 0,
                 .dev_bus_addr = 0};
        (void)hypercall::grant_table_op(GNTTABOP_map_grant_ref, std::span{maps}.first(count));
        for (usize i = 0; i < count; ++i)
            unmaps[i] = {
                .host_addr = 0, .dev_bus_addr = maps[i].dev_bus_addr, .handle = maps[i].handle, .status = 0};
        (void)hypercall::grant_table_op(GNTTABOP_unmap_grant_ref, std::span{unmaps}.first(count));
    };
    measure("grant_map_unmap_device", [&] { map_and_unmap(1); });
    measure(
        "grant_map_unmap_device_batched", [&] { map_and_unmap(batch); }, batch);
}

}  // namespace

void grants() {
    if (!is_initial_domain())
        return;  // others do not know their own number, which a grant to itself needs
    constexpr DomId me{0};
    auto from_page = Pages::allocate(), to_page = Pages::allocate();
    auto from = Grant::allow(me, from_page->mfn(), Access::read_only);
    auto to = Grant::allow(me, to_page->mfn(), Access::read_write);
    copies(*from, *to);
    mappings(*to);
    device_mappings(*to);
    (void)from->end();
    (void)to->end();
}

}  // namespace micro

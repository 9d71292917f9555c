// SPDX-License-Identifier: MIT
#include "dom0/control/first_pages.hpp"

#include <span>

#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/mapping.hpp"
#include "kernel/abi/e820.hpp"

namespace control {
namespace {

constexpr DomId this_domain{0};
// Entries of the grant table that every guest leaves to its builder.
constexpr GrantRef console_grant{0};
constexpr GrantRef store_grant{1};

Result<rt::FrameMapping> map_one(DomId domain, Mfn frame) {
    return rt::FrameMapping::map(std::span{&frame, 1}, domain, rt::Access::read_write);
}

Result<Mfn> grant_table_frame(DomId domain) {
    xen_pfn_t frame = 0;
    gnttab_setup_table_t setup{};
    setup.dom = domain.raw();
    setup.nr_frames = 1;
    set_xen_guest_handle(setup.frame_list, &frame);
    TRY_VOID(rt::hypercall::grant_table_op(GNTTABOP_setup_table, setup));
    if (setup.status != GNTST_okay)
        return Fail{Errno::nomem};
    return Mfn{frame};
}

}  // namespace

Result<> mask_events(DomId domain, Mfn shared_info) {
    auto const mapping = TRY(map_one(domain, shared_info));
    for (auto& vcpu : reinterpret_cast<shared_info_t*>(mapping.data())->vcpu_info)
        vcpu.evtchn_upcall_mask = 1;
    return {};
}

Result<> seed_grants(DomId domain, Mfn console, Mfn store) {
    Mfn const table = TRY(grant_table_frame(domain));
    auto const mapping = TRY(map_one(domain, table));
    auto* const entries = reinterpret_cast<grant_entry_v1_t*>(mapping.data());
    auto const permit = [&](GrantRef ref, Mfn page) {
        entries[ref.raw()] = {GTF_permit_access, this_domain.raw(), static_cast<u32>(page.raw())};
    };
    permit(console_grant, console);
    permit(store_grant, store);
    return {};
}

Result<> set_memory_map(DomId domain, u64 bytes) {
    E820Entry entry{.address = 0, .bytes = bytes, .type = e820_ram};
    xen_foreign_memory_map_t request{};
    request.domid = domain.raw();
    request.map.nr_entries = 1;
    set_xen_guest_handle(request.map.buffer, &entry);
    TRY_VOID(rt::hypercall::memory_op(XENMEM_set_memory_map, request));
    return {};
}

}  // namespace control

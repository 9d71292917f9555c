// SPDX-License-Identifier: MIT
#include <algorithm>

#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/domctl.hpp"
#include "kernel/machine/cpu.hpp"

namespace hypercall::manage {
namespace {

constexpr u32 default_grant_frames = 64;
constexpr u32 default_maptrack_frames = Maptrack::frames_ceiling;

u32 or_default(s32 limit, u32 standard) {
    return limit < 0 ? standard : static_cast<u32>(limit);
}

// Only plain 64-bit PV domains exist. Unknown bits are refused (HC-1).
bool can_create(xen_domctl_createdomain const& c) {
    u32 const grant_version = XEN_DOMCTL_GRANT_version(c.grant_opts);
    return (c.flags & ~u32{XEN_DOMCTL_CDF_xs_domain}) == 0 && c.iommu_opts == 0 && c.vmtrace_size == 0 &&
           c.cpupool_id == 0 && (c.arch.emulation_flags & ~XEN_X86_EMU_PIT) == 0 && c.arch.misc_flags == 0 &&
           c.grant_opts == grant_version && grant_version >= 1 && grant_version <= 2;
}

// Ids go round, so that a dead domain's number does not come back at once.
constinit u16 last_id = 0;

Result<DomainRef> create_with_free_id(xen_domctl_createdomain const& c, u32 grants, u32 maptrack) {
    for (u32 tries = 1; tries < DOMID_FIRST_RESERVED; ++tries) {
        u16 const id = static_cast<u16>(last_id + 1u < DOMID_FIRST_RESERVED ? last_id + 1u : 1u);
        last_id = id;
        if (auto const taken = domains::next_from(DomId{id}); taken && taken->id == DomId{id})
            continue;
        return domains::create(DomId{id}, {}, c.max_vcpus, grants, maptrack);
    }
    return Fail{Errno::nospc};
}

}  // namespace

Result<> create_domain(Request& r) {
    auto const& c = r.op.u.createdomain;
    if (!can_create(c))
        return Fail{Errno::inval};
    u32 const grants = or_default(c.max_grant_frames, default_grant_frames);
    u32 const maptrack = or_default(c.max_maptrack_frames, default_maptrack_frames);
    bool const chosen = r.op.domain > 0 && r.op.domain < DOMID_FIRST_RESERVED;
    auto d = chosen ? TRY(domains::create(DomId{r.op.domain}, {}, c.max_vcpus, grants, maptrack))
                    : TRY(create_with_free_id(c, grants, maptrack));
    std::copy_n(c.handle, d->handle.size(), d->handle.begin());
    d->ssid = c.ssidref;
    r.op.domain = d->id.raw();
    return {};
}

// restart as often as it takes; the request stays as it is.
Result<> destroy_domain(Request& r) {
    if (r.on_self())
        return Fail{Errno::inval};
    return domains::destroy(*r.target);
}

Result<> pause_domain(Request& r) {
    if (r.on_self())
        return Fail{Errno::inval};
    domains::pause(*r.target);
    return {};
}

Result<> unpause_domain(Request& r) {
    return domains::unpause(*r.target);
}

Result<> resume_domain(Request& r) {
    if (r.on_self())
        return Fail{Errno::inval};
    return domains::resume(*r.target);
}

}  // namespace hypercall::manage

// SPDX-License-Identifier: MIT
// GNTTABOP_map_grant_ref: all that can be refused is refused before the
// page-table entry is written, the last step that can fail. A mapping for
// devices alone has none, and is the short way.
#include "kernel/domain/grants.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/hypercall/grant_ops.hpp"
#include "kernel/machine/mapping.hpp"

namespace hypercall {
namespace {

constexpr unsigned avail_shift = _GNTMAP_guest_avail0;
constexpr u32 known_flags = GNTMAP_device_map | GNTMAP_host_map | GNTMAP_readonly | GNTMAP_application_map |
                            GNTMAP_contains_pte | 7u << avail_shift;

// A handle under construction: given back unless completed.
class NewHandle {
    Domain& mapper_;
    GrantHandle handle_;
    bool owned_ = true;

  public:
    NewHandle(Domain& mapper, GrantHandle h) : mapper_{mapper}, handle_{h} {}
    NewHandle(NewHandle const&) = delete;
    NewHandle& operator=(NewHandle const&) = delete;
    ~NewHandle() {
        if (owned_)
            mapper_.maptrack.lock()->release(handle_);
    }
    GrantHandle complete(MapRecord const& r) {
        owned_ = false;
        *mapper_.maptrack.lock()->find(handle_) = r;
        return handle_;
    }
};

s16 status_of(Errno e) {
    switch (e) {
        case Errno::fault:
            return GNTST_bad_virt_addr;
        case Errno::nomem:
        case Errno::nospc:
            return GNTST_no_space;
        default:
            return GNTST_general_error;
    }
}

machine::GrantMapping mapping_of(gnttab_map_grant_ref_t const& op, Mfn frame) {
    return {.frame = frame,
            .readonly = (op.flags & GNTMAP_readonly) != 0,
            .by_entry = (op.flags & GNTMAP_contains_pte) != 0,
            .application = (op.flags & GNTMAP_application_map) != 0,
            .avail = static_cast<u8>(op.flags >> avail_shift & 7)};
}

// Counts a reference to the granter that the caller has.
MapRecord record_of(gnttab_map_grant_ref_t const& op, Domain& granter) {
    MapRecord r;
    r.granter = &granter;
    r.ref = GrantRef{op.ref};
    r.in_use = true;
    r.host = (op.flags & GNTMAP_host_map) != 0;
    r.by_entry = (op.flags & GNTMAP_contains_pte) != 0;
    r.device = (op.flags & GNTMAP_device_map) != 0;
    r.readonly = (op.flags & GNTMAP_readonly) != 0;
    return r;
}

// These fill the results of `op` and say its status.
s16 map_for_device(Domain& mapper, Domain& granter, gnttab_map_grant_ref_t& op) {
    bool const write = (op.flags & GNTMAP_readonly) == 0;
    grant::Held held;
    if (s16 const status = held.acquire(granter, GrantRef{op.ref}, mapper.id, {true, write});
        status != GNTST_okay)
        return status;
    DomainRef reference{granter};
    auto const handle = mapper.maptrack.lock()->add(record_of(op, granter));
    if (!handle)
        return GNTST_no_space;
    op.handle = handle->raw();
    op.dev_bus_addr = maddr_of(held.frame()).raw();
    held.keep();
    reference.release();
    return GNTST_okay;
}

s16 map_for_host(Vcpu& v, Domain& granter, gnttab_map_grant_ref_t& op) {
    bool const write = (op.flags & GNTMAP_readonly) == 0;
    auto const handle = v.domain.maptrack.lock()->allocate();
    if (!handle)
        return GNTST_no_space;
    NewHandle slot{v.domain, *handle};

    auto const acquire = [&](grant::Held& held, bool by_device) {
        return held.acquire(granter, GrantRef{op.ref}, v.domain.id, {by_device, write});
    };
    grant::Held for_device, for_host;
    if ((op.flags & GNTMAP_device_map) != 0)
        if (s16 const status = acquire(for_device, true); status != GNTST_okay)
            return status;
    if (s16 const status = acquire(for_host, false); status != GNTST_okay)
        return status;
    Mfn const frame = for_host.frame();
    if (auto mapped = machine::grant_map(v, op.host_addr, mapping_of(op, frame)); !mapped)
        return status_of(mapped.error());

    for_host.keep();
    for_device.keep();
    DomainRef{granter}.release();
    op.handle = slot.complete(record_of(op, granter)).raw();
    op.dev_bus_addr = maddr_of(frame).raw();
    return GNTST_okay;
}

s16 map_one(Vcpu& v, Granter& granters, gnttab_map_grant_ref_t& op) {
    constexpr u32 ways = GNTMAP_host_map | GNTMAP_device_map;
    if ((op.flags & ~known_flags) != 0 || (op.flags & ways) == 0)
        return GNTST_bad_gntref;
    Domain* const granter = granters.find(v.domain, DomId{op.dom});
    if (granter == nullptr)
        return GNTST_bad_domain;
    return (op.flags & GNTMAP_host_map) != 0 ? map_for_host(v, *granter, op)
                                             : map_for_device(v.domain, *granter, op);
}

}  // namespace

Answer grant_map(Vcpu& v, GuestPtr<gnttab_map_grant_ref_t> ops, u32 count) {
    constexpr u32 between_checks = 32;
    auto const list = TRY(ops.span(count));
    Granter granters;
    for (u32 i = 0; i < count; ++i) {
        gnttab_map_grant_ref_t op = TRY(list.fetch(i));
        op.status = map_one(v, granters, op);
        trace::note(trace::Kind::map, v, trace::of_domain(op.dom, op.ref), op.dev_bus_addr >> page_shift);
        TRY_VOID(list.store(i, op));
        if ((i + 1) % between_checks == 0 && i + 1 < count && machine::preempt_pending())
            return continue_requests(GNTTABOP_map_grant_ref, ops + (i + 1), count - i - 1);
    }
    return 0;
}

}  // namespace hypercall

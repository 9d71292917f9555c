// SPDX-License-Identifier: MIT
// grant_table_op: size and version of tables; the rest is in grant_*.cpp.
// Version 1 only: no transfer, no swap, no transitive grants (GT-11, GT-13).
#include <cstddef>

#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/grant_ops.hpp"

namespace hypercall {
namespace {

s16 status_of(Errno e) {
    switch (e) {
        case Errno::perm:
            return GNTST_permission_denied;
        case Errno::srch:
            return GNTST_bad_domain;
        case Errno::fault:
            return GNTST_bad_virt_addr;
        default:
            return GNTST_general_error;
    }
}

Result<> grow_and_list(Domain& caller, gnttab_setup_table_t const& op) {
    DomainRef const d = TRY(domains::resolve(caller, DomId{op.dom}));
    TRY_VOID(d->grants.lock()->grow(op.nr_frames, d->memory));
    auto const list = guest_ptr<xen_pfn_t>(op.frame_list);
    for (u32 i = 0; i < op.nr_frames; ++i) {
        Mfn const frame = d->grants.lock()->frame(i);
        TRY_VOID(list.store(frame.raw(), i));
    }
    return {};
}

Answer setup_table(Domain& caller, GuestPtr<gnttab_setup_table_t> arg) {
    gnttab_setup_table_t const op = TRY(arg.fetch());
    auto const done = grow_and_list(caller, op);
    s16 const status = done ? s16{GNTST_okay} : status_of(done.error());
    TRY_VOID(arg.store_member(0, offsetof(gnttab_setup_table_t, status), status));
    return 0;
}

Answer query_size(Domain& caller, GuestPtr<gnttab_query_size_t> arg) {
    gnttab_query_size_t op = TRY(arg.fetch());
    auto const d = domains::resolve(caller, DomId{op.dom});
    op.status = d ? s16{GNTST_okay} : status_of(d.error());
    if (d) {
        auto table = (*d)->grants.lock();
        op.nr_frames = table->frames();
        op.max_nr_frames = table->max_frames();
    }
    TRY_VOID(arg.store(op));
    return 0;
}

Answer set_version(GuestPtr<gnttab_set_version_t> arg) {
    switch (TRY(arg.fetch()).version) {
        case 1:
            return 0;
        case 2:
            return Fail{Errno::nosys};
        default:
            return Fail{Errno::inval};
    }
}

Answer get_version(Domain& caller, GuestPtr<gnttab_get_version_t> arg) {
    gnttab_get_version_t op = TRY(arg.fetch());
    TRY_VOID(domains::resolve(caller, DomId{op.dom}));
    op.version = 1;
    TRY_VOID(arg.store(op));
    return 0;
}

// Refused one by one, as a caller that looks only at the elements expects.
Answer refuse_transfers(GuestPtr<gnttab_transfer_t> ops, u32 count) {
    constexpr u32 between_checks = 64;
    constexpr s16 status = GNTST_general_error;
    for (u32 i = 0; i < count; ++i) {
        TRY_VOID(ops.store_member(i, offsetof(gnttab_transfer_t, status), status));
        if ((i + 1) % between_checks == 0 && i + 1 < count && machine::preempt_pending())
            return continue_requests(GNTTABOP_transfer, ops + (i + 1), count - i - 1);
    }
    return 0;
}

// Calls that take one structure, not an array.
Answer table_op(Domain& caller, u32 cmd, GuestPtr<u8> arg) {
    switch (cmd) {
        case GNTTABOP_setup_table:
            return setup_table(caller, arg.as<gnttab_setup_table_t>());
        case GNTTABOP_query_size:
            return query_size(caller, arg.as<gnttab_query_size_t>());
        case GNTTABOP_set_version:
            return set_version(arg.as<gnttab_set_version_t>());
        case GNTTABOP_get_version:
            return get_version(caller, arg.as<gnttab_get_version_t>());
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace

Answer grant_table_op(Vcpu& v, u32 cmd, GuestPtr<u8> arg, u32 count) {
    switch (cmd) {
        case GNTTABOP_map_grant_ref:
            return grant_map(v, arg.as<gnttab_map_grant_ref_t>(), count);
        case GNTTABOP_unmap_grant_ref:
            return grant_unmap(v, arg.as<gnttab_unmap_grant_ref_t>(), count);
        case GNTTABOP_unmap_and_replace:
            return grant_unmap_and_replace(v, arg.as<gnttab_unmap_and_replace_t>(), count);
        case GNTTABOP_copy:
            return grant_copy(v, arg.as<gnttab_copy_t>(), count);
        case GNTTABOP_transfer:
            return refuse_transfers(arg.as<gnttab_transfer_t>(), count);
        default:
            return count == 1 ? table_op(v.domain, cmd, arg) : Answer{Fail{Errno::inval}};
    }
}

}  // namespace hypercall

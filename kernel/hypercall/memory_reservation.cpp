// SPDX-License-Identifier: MIT
// Memory comes and goes: increase_reservation, decrease_reservation,
// populate_physmap. They answer with the number of extents done, which may be
// short; the list is read and written one extent at a time.
#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/memory_op.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/mm/m2p.hpp"

namespace hypercall::memory {
namespace {

constexpr u64 most_extents = ~u64{0} >> extent_shift;

struct Change {
    Domain& domain;
    GuestPtr<xen_pfn_t> list;
    unsigned order;
    unsigned below_bits;
};

Result<> increase(Change const& c, u64 i) {
    Mfn const first = TRY(mm::alloc_domain_frames(c.domain.memory, c.order, c.below_bits));
    return c.list.null() ? Result<>{} : c.list.store(first.raw(), i);
}

Result<> decrease(Change const& c, u64 i) {
    Mfn const first{TRY(c.list.fetch(i))};
    for (u64 n = 0; n < u64{1} << c.order; ++n) {
        PageInfo* const page = mm::page_of(first + n);
        if (!page)
            return Fail{Errno::inval};
        TRY_VOID(mm::give_up_frame(*page, c.domain.memory));
    }
    return {};
}

Result<> populate(Change const& c, u64 i) {
    Pfn const pfn{TRY(c.list.fetch(i))};
    Mfn const first = TRY(mm::alloc_domain_frames(c.domain.memory, c.order, c.below_bits));
    for (u64 n = 0; n < u64{1} << c.order; ++n)
        mm::m2p_set(first + n, pfn + n);
    return c.list.store(first.raw(), i);
}

Result<> change_one(u32 op, Change const& c, u64 i) {
    switch (op) {
        case XENMEM_increase_reservation:
            return increase(c, i);
        case XENMEM_decrease_reservation:
            return decrease(c, i);
        default:
            return populate(c, i);
    }
}

}  // namespace

// The ABI has one answer here: how many extents are done. Only a caller without
// the right to ask gets an error.
Answer change_reservation(Vcpu& v, u32 op, u64 first, GuestPtr<u8> arg) {
    auto const asked = arg.as<xen_memory_reservation_t const>().fetch();
    if (!asked || asked->nr_extents > most_extents || asked->extent_order > largest_extent(v.domain))
        return static_cast<s64>(first);
    xen_memory_reservation_t const& r = *asked;
    auto const found = domains::resolve(v.domain, DomId{r.domid});
    if (!found && found.error() == Errno::srch)
        return static_cast<s64>(first);
    if (!found)
        return Fail{found.error()};
    Domain& target = **found;
    Change const change{target, guest_ptr<xen_pfn_t>(r.extent_start), r.extent_order,
                        XENMEMF_get_address_bits(r.mem_flags)};
    for (u64 i = first; i < r.nr_extents; ++i) {
        if (i != first && machine::preempt_pending())
            return restart_at(op, i, arg);
        if (!change_one(op, change, i))
            return static_cast<s64>(i);
    }
    return static_cast<s64>(r.nr_extents);
}

}  // namespace hypercall::memory

// SPDX-License-Identifier: MIT
// XENMEM_exchange: a guest trades frames of its own for contiguous or low ones,
// for DMA. Work goes by chunks of the larger of the two extent sizes; what was
// finished is counted in nr_exchanged, where a restart goes on.
#include <algorithm>

#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/memory_op.hpp"
#include "kernel/mm/exchange.hpp"
#include "kernel/mm/m2p.hpp"

namespace hypercall::memory {
namespace {

struct Extents {
    GuestPtr<xen_pfn_t> list;
    unsigned order;
    u64 per_chunk;
};

struct Plan {
    Domain& domain;
    Extents in, out;
    unsigned chunk_order;
    unsigned below_bits;
    u64 chunks;
};

bool consistent(xen_memory_exchange_t const& x) {
    return x.in.extent_order <= max_extent_order && x.out.extent_order <= max_extent_order &&
           x.in.nr_extents <= ~u64{0} >> max_extent_order &&
           x.out.nr_extents <= ~u64{0} >> max_extent_order &&
           x.in.nr_extents << x.in.extent_order == x.out.nr_extents << x.out.extent_order &&
           x.in.domid == x.out.domid && x.nr_exchanged <= x.in.nr_extents;
}

Extents extents_of(xen_memory_reservation_t const& r, unsigned chunk_order) {
    return {guest_ptr<xen_pfn_t>(r.extent_start), r.extent_order, u64{1} << (chunk_order - r.extent_order)};
}

Result<> take_extent(mm::Exchange& trade, Mfn first, unsigned order) {
    for (u64 n = 0; n < u64{1} << order; ++n) {
        PageInfo* const page = mm::page_of(first + n);
        if (!page)
            return Fail{Errno::inval};
        TRY_VOID(trade.take(*page));
    }
    return {};
}

// Where the new frames are to appear, before the list is overwritten.
Result<> place_extent(Extents const& out, u64 i, Mfn first) {
    Pfn const pfn{TRY(out.list.fetch(i))};
    for (u64 n = 0; n < u64{1} << out.order; ++n)
        mm::m2p_set(first + n, pfn + n);
    return out.list.store(first.raw(), i);
}

Result<> exchange_chunk(Plan const& p, u64 chunk) {
    mm::Exchange trade{p.domain.memory};
    for (u64 i = 0; i < p.in.per_chunk; ++i)
        TRY_VOID(take_extent(trade, Mfn{TRY(p.in.list.fetch(chunk * p.in.per_chunk + i))}, p.in.order));
    Mfn const fresh = TRY(trade.replace(p.chunk_order, p.below_bits));
    for (u64 i = 0; i < p.out.per_chunk; ++i)
        TRY_VOID(place_extent(p.out, chunk * p.out.per_chunk + i, fresh + (i << p.out.order)));
    return {};
}

Result<> exchange_all(Plan const& p, u64& done_extents) {
    for (u64 chunk = done_extents / p.in.per_chunk; chunk < p.chunks; ++chunk) {
        TRY_VOID(exchange_chunk(p, chunk));
        done_extents = (chunk + 1) * p.in.per_chunk;
        if (chunk + 1 < p.chunks && machine::preempt_pending())
            return Fail{Errno::restart};
    }
    return {};
}

}  // namespace

Answer exchange(Vcpu& v, GuestPtr<u8> arg) {
    auto const call = arg.as<xen_memory_exchange_t>();
    auto x = TRY(call.fetch());
    if (!consistent(x))
        return Fail{Errno::inval};
    unsigned const chunk_order = std::max(x.in.extent_order, x.out.extent_order);
    if (chunk_order > largest_extent(v.domain))
        return Fail{Errno::perm};
    DomainRef const target = TRY(domains::resolve(v.domain, DomId{x.in.domid}));
    Plan const plan{.domain = *target,
                    .in = extents_of(x.in, chunk_order),
                    .out = extents_of(x.out, chunk_order),
                    .chunk_order = chunk_order,
                    .below_bits = XENMEMF_get_address_bits(x.out.mem_flags),
                    .chunks = x.in.nr_extents << x.in.extent_order >> chunk_order};
    if (plan.chunks << chunk_order != x.in.nr_extents << x.in.extent_order ||
        x.nr_exchanged % plan.in.per_chunk != 0)
        return Fail{Errno::inval};
    u64 done = x.nr_exchanged;
    Result<> const r = exchange_all(plan, done);
    TRY_VOID(call.store_member(0, offsetof(xen_memory_exchange_t, nr_exchanged), xen_ulong_t{done}));
    if (!r)
        return Fail{r.error()};
    return 0;
}

}  // namespace hypercall::memory

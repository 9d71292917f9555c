// SPDX-License-Identifier: MIT
// Questions about memory: how much, and what lies where.
#include <algorithm>
#include <span>

#include "kernel/domain/registry.hpp"
#include "kernel/hypercall/memory_op.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/mm/e820.hpp"

namespace hypercall::memory {
namespace {

// Copies as many entries as fit and says how many.
Result<> store_map(GuestPtr<xen_memory_map_t> to, std::span<E820Entry const> map) {
    auto request = TRY(to.fetch());
    auto const count = static_cast<unsigned>(std::min<usize>(request.nr_entries, map.size()));
    TRY_VOID(guest_ptr<E820Entry>(request.buffer).store_from(map.data(), count));
    request.nr_entries = count;
    return to.store(request);
}

// What a guest is told that nobody made a map for: all it may ever have.
GuestMap default_map(Domain& d) {
    u64 const pages = [&] {
        auto const guard = d.memory.pages.lock();
        return d.memory.max_pages;
    }();
    GuestMap map;
    static_cast<void>(map.push({0, pages << page_shift, e820_ram}));
    return map;
}

GuestMap map_of(Domain& d) {
    {
        auto const map = d.memory_map.lock();
        if (!map->empty())
            return *map;
    }
    return default_map(d);
}

}  // namespace

Answer reservation(Vcpu& v, u32 op, GuestPtr<u8> arg) {
    auto const who = TRY(arg.as<xen_memory_domain const>().fetch());
    DomainRef const d = TRY(domains::resolve(v.domain, DomId{who.domid}));
    auto const list = d->memory.pages.lock();
    return static_cast<s64>(op == XENMEM_current_reservation ? list->count : d->memory.max_pages);
}

Answer memory_map(Vcpu& v, GuestPtr<u8> arg) {
    TRY_VOID(store_map(arg.as<xen_memory_map_t>(), map_of(v.domain).view()));
    return 0;
}

Answer machine_memory_map(Vcpu& v, GuestPtr<u8> arg) {
    if (!v.domain.priv.hardware)
        return Fail{Errno::perm};
    TRY_VOID(store_map(arg.as<xen_memory_map_t>(), mm::machine_map().view()));
    return 0;
}

Answer set_memory_map(Vcpu& v, GuestPtr<u8> arg) {
    auto const r = TRY(arg.as<xen_foreign_memory_map_t const>().fetch());
    DomainRef const d = TRY(domains::resolve(v.domain, DomId{r.domid}));
    auto const entries = guest_ptr<E820Entry const>(r.map.buffer);
    GuestMap map;
    for (unsigned i = 0; i < r.map.nr_entries; ++i)
        if (!map.push(TRY(entries.fetch(i))))
            return Fail{Errno::toobig};
    *d->memory_map.lock() = map;
    return 0;
}

Answer machphys_mapping(GuestPtr<u8> arg) {
    u64 const frames = mm::max_mfn().raw();
    xen_machphys_mapping_t const m{machine::hypervisor_start,
                                   machine::hypervisor_start + round_up(frames * sizeof(u64), page_size),
                                   frames - 1};
    TRY_VOID(arg.as<xen_machphys_mapping_t>().store(m));
    return 0;
}

}  // namespace hypercall::memory

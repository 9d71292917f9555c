// SPDX-License-Identifier: MIT
// Frames that come and go, and the other questions about memory.
#include <algorithm>
#include <array>

#include "guest-pv/apps/havoc/rules.hpp"
#include "guest-pv/apps/havoc/world.hpp"

namespace havoc {
namespace {

using namespace rt;

constexpr usize most = 8;
// Where a continued call keeps its progress; the public headers leave it to the hypervisor.
constexpr unsigned progress_shift = 6;
using Frames = std::array<xen_pfn_t, most>;

struct Extents {
    xen_memory_reservation_t request{};
    Frames frames{};
    u64 list = 0;
};

Extents extents(Worker& w, Random& r) {
    Extents e;
    for (auto& f : e.frames)
        f = frame(r);
    e.list = w.put(r, std::span<xen_pfn_t const>{e.frames});
    e.request.extent_start.p = reinterpret_cast<xen_pfn_t*>(e.list);
    e.request.nr_extents = r.once_in(8) ? count(r) : r.below(most + 1);
    e.request.extent_order = static_cast<u32>(r.once_in(4) ? r.wild() : r.below(3));
    e.request.mem_flags = static_cast<u32>(r.once_in(4) ? r.wild() : 0);
    e.request.domid = static_cast<domid_t>(domain(r));
    return e;
}

// The list may have been put where nothing can be read.
void into_pool(Random& r, u64 list, s64 got) {
    auto const* const frames = reinterpret_cast<xen_pfn_t const volatile*>(list);
    for (s64 i = 0; i < std::min<s64>(got, most); ++i)
        if (u64 const f = frames[i]; !world().needed(f))
            world().pool[r.below(pool_frames)] = f;
}

void give_or_take(Worker& w, Random& r) {
    auto const e = extents(w, r);
    u64 const op =
        r.one_of({XENMEM_increase_reservation, XENMEM_decrease_reservation, XENMEM_populate_physmap});
    // A continued call has its progress in the upper bits.
    u64 const begun = r.once_in(16) ? r.below(16) << progress_shift : 0;
    s64 const done = w.call(__HYPERVISOR_memory_op, op | begun, w.put(r, e.request));
    if (op != XENMEM_decrease_reservation)
        into_pool(r, e.list, done);
}

void exchange(Worker& w, Random& r) {
    xen_memory_exchange_t x{};
    auto const in = extents(w, r);
    auto const out = extents(w, r);
    x.in = in.request;
    x.out = out.request;
    if (!r.once_in(4)) {
        x.in.extent_order = 0;
        x.in.nr_extents = r.below(most + 1);
        x.out.extent_order = x.in.nr_extents == 4 ? 2 : 0;
        x.out.nr_extents = x.in.nr_extents == 4 ? 1 : x.in.nr_extents;
        x.in.domid = x.out.domid = DOMID_SELF;
    }
    x.nr_exchanged = r.once_in(8) ? count(r) : 0;
    w.call(__HYPERVISOR_memory_op, XENMEM_exchange, w.put(r, x));
    into_pool(r, out.list, static_cast<s64>(x.out.nr_extents));
}

void ask(Worker& w, Random& r) {
    std::array<u64, 6> words;
    for (u64& word : words)
        word = r.once_in(2) ? address(r) : count(r);
    u64 const op = r.one_of({XENMEM_maximum_ram_page, XENMEM_current_reservation, XENMEM_maximum_reservation,
                             XENMEM_machphys_mfn_list, XENMEM_memory_map, XENMEM_machine_memory_map,
                             XENMEM_machphys_mapping, XENMEM_set_memory_map, XENMEM_maximum_gpfn});
    w.call(__HYPERVISOR_memory_op, op, w.put(r, std::span<u64 const>{words}));
}

void anything(Worker& w, Random& r) {
    std::array<u64, 8> words;
    for (u64& word : words)
        word = r.once_in(2) ? frame(r) : domain(r) | r.below(8) << 32;
    w.call(__HYPERVISOR_memory_op, r.below(40) | (r.once_in(4) ? r.wild() << progress_shift : 0),
           w.put(r, std::span<u64 const>{words}));
}

constexpr std::array rules{Weighted{40, give_or_take}, Weighted{15, exchange}, Weighted{5, ask},
                           Weighted{5, anything}};

}  // namespace

constinit std::span<Weighted const> const memory_rules{rules};

}  // namespace havoc

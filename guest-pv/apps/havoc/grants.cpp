// SPDX-License-Identifier: MIT
// Grants: entries that change while others use them, mappings, copies, and what
// is said of the table itself. Beside others of its kind this guest grants to
// them and takes from them, each at any time.
#include <array>

#include "guest-pv/apps/havoc/rules.hpp"
#include "guest-pv/apps/havoc/world.hpp"

namespace havoc {
namespace {

using namespace rt;

void write_entry(Worker&, Random& r) {
    auto* const table = reinterpret_cast<grant_entry_v1_t volatile*>(world().grants.data());
    auto& e = table[GNTTAB_NR_RESERVED_ENTRIES + r.below(56)];
    if (r.once_in(2)) {
        e.domid = static_cast<domid_t>(r.once_in(4) ? domain(r) : r.below(5));
        e.frame = static_cast<u32>(frame_or_table(r));
    }
    e.flags = static_cast<u16>(
        r.one_of({u64{GTF_permit_access}, u64{GTF_permit_access}, u64{GTF_permit_access | GTF_readonly},
                  u64{GTF_invalid}, u64{GTF_accept_transfer}, u64{GTF_transitive}, r.wild()}));
}

u64 owner(Random& r) {
    return r.once_in(4) ? domain(r) : r.below(5);
}

template <class T>
void operate(Worker& w, Random& r, u64 op, std::array<T, 4> const& elements) {
    u64 const used = 1 + r.below(elements.size());
    u64 const at = w.put(r, std::span<T const>{elements}.first(used));
    w.call(__HYPERVISOR_grant_table_op, op, at, r.once_in(8) ? count(r) : used);
}

u64 host_address(Random& r, u32 flags) {
    return (flags & GNTMAP_contains_pte) != 0 ? entry_address(r) : window_address(r) & ~(page_size - 1);
}

void map(Worker& w, Random& r) {
    std::array<gnttab_map_grant_ref_t, 4> elements{};
    for (auto& e : elements) {
        e.flags = static_cast<u32>(r.once_in(8) ? r.wild() : r.one_of({2u, 6u, 18u, 22u, 1u, 3u}));
        e.host_addr = host_address(r, e.flags);
        e.ref = static_cast<u32>(grant_ref(r));
        e.dom = static_cast<domid_t>(owner(r));
    }
    operate(w, r, GNTTABOP_map_grant_ref, elements);
}

void unmap(Worker& w, Random& r) {
    std::array<gnttab_unmap_grant_ref_t, 4> elements{};
    for (auto& e : elements) {
        e.host_addr = r.once_in(2) ? 0 : host_address(r, static_cast<u32>(r.below(32)));
        e.dev_bus_addr = r.once_in(4) ? r.wild() : 0;
        e.handle = static_cast<u32>(handle(r));
    }
    operate(w, r, GNTTABOP_unmap_grant_ref, elements);
}

void unmap_and_replace(Worker& w, Random& r) {
    std::array<gnttab_unmap_and_replace_t, 4> elements{};
    for (auto& e : elements) {
        e.host_addr = window_address(r) & ~(page_size - 1);
        e.new_addr = r.once_in(4) ? hostile_address(r) : window_address(r);
        e.handle = static_cast<u32>(handle(r));
    }
    operate(w, r, GNTTABOP_unmap_and_replace, elements);
}

template <class Side>
void fill_side(Side& side, Random& r, bool by_ref) {
    if (by_ref)
        side.u.ref = static_cast<u32>(grant_ref(r));
    else
        side.u.gmfn = frame(r);
    side.domid = static_cast<domid_t>(by_ref ? owner(r) : domain(r));
    side.offset = static_cast<u16>(r.once_in(4) ? r.wild() : r.below(page_size));
}

void copy(Worker& w, Random& r) {
    std::array<gnttab_copy_t, 4> elements{};
    for (auto& e : elements) {
        e.flags = static_cast<u16>(r.once_in(8) ? r.wild() : r.below(4));
        fill_side(e.source, r, (e.flags & GNTCOPY_source_gref) != 0);
        fill_side(e.dest, r, (e.flags & GNTCOPY_dest_gref) != 0);
        e.len = static_cast<u16>(r.once_in(4) ? r.wild() : r.below(page_size));
    }
    operate(w, r, GNTTABOP_copy, elements);
}

void about_table(Worker& w, Random& r) {
    std::array<u64, 8> words;
    for (u64& word : words)
        word = r.once_in(2) ? address(r) : domain(r) | count(r) << 32;
    w.call(__HYPERVISOR_grant_table_op, r.below(14), w.put(r, std::span<u64 const>{words}), count(r));
}

void set_up(Worker& w, Random& r) {
    gnttab_setup_table_t setup{};
    setup.dom = static_cast<domid_t>(domain(r));
    setup.nr_frames = static_cast<u32>(r.once_in(4) ? count(r) : r.below(9));
    setup.frame_list.p = reinterpret_cast<xen_pfn_t*>(reinterpret_cast<u64>(w.room(r, 16 * sizeof(u64))));
    w.call(__HYPERVISOR_grant_table_op, GNTTABOP_setup_table, w.put(r, setup), 1);
}

constexpr std::array rules{
    Weighted{50, write_entry}, Weighted{40, map},   Weighted{30, unmap},      Weighted{10, unmap_and_replace},
    Weighted{40, copy},        Weighted{4, set_up}, Weighted{4, about_table},
};

}  // namespace

constinit std::span<Weighted const> const grant_rules{rules};

}  // namespace havoc

// SPDX-License-Identifier: MIT
// Validation of whole frames as page tables or descriptor tables: the answer to
// kernel/mm/type_ops.hpp. Depth is at most four, by type; length is cut by
// preemption points, with the position kept in the frame (PT-08, DS-1, DS-2).
#include <algorithm>

#include "arch/pv/entry_refs.hpp"
#include "arch/pv/guest_view.hpp"
#include "arch/pv/segment_descriptor.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/mm/type_ops.hpp"

namespace {

using arch::entry::per_table;

constexpr unsigned l1_entries_per_check = 128;
// Most of a table is empty: it is looked through in steps of a cache line.
constexpr u16 entries_per_look = 8;

u64* entries_of(PageInfo const& p) {
    return machine::frame_as<u64>(mm::mfn_of(p));
}

u64 load(u64 const* e) {
    return __atomic_load_n(e, __ATOMIC_RELAXED);
}

bool all_empty(u64 const* e) {
    u64 any = 0;
#pragma GCC unroll 8
    for (unsigned i = 0; i < entries_per_look; ++i)
        any |= load(e + i);
    return !arch::entry::present(any);
}
// Whether nothing is present from entry i on, or just below it, for one look.
bool nothing_from(u64 const* entries, unsigned i) {
    return i % entries_per_look == 0 && all_empty(entries + i);
}
bool nothing_below(u64 const* entries, unsigned i) {
    return i % entries_per_look == 0 && all_empty(entries + i - entries_per_look);
}

bool pause_l1_at(unsigned i) {
    return i % l1_entries_per_check == 0 && i % per_table != 0 && machine::preempt_pending();
}

// Brings an entry to its stored form. A CPU that walks the table at this moment
// may set A and D, so only the bits that differ are touched.
void settle(u64* at, u64 was, u64 wanted) {
    if (u64 const missing = wanted & ~was)
        __atomic_fetch_or(at, missing, __ATOMIC_RELAXED);
    if (u64 const excess = was & ~wanted)
        __atomic_fetch_and(at, ~excess, __ATOMIC_RELAXED);
}

Result<> validate_l1(PageInfo& p, PageOwner& owner) {
    u64* const entries = entries_of(p);
    auto const who = arch::own_authority(owner);
    while (p.done < per_table) {
        if (nothing_from(entries, p.done)) {
            p.done += entries_per_look;
        } else {
            u64 const e = load(&entries[p.done]);
            if (arch::entry::present(e))
                settle(&entries[p.done], e, TRY(arch::take_l1(e, who)));
            ++p.done;
        }
        if (pause_l1_at(p.done))
            return Fail{Errno::restart};
    }
    return {};
}

Result<> validate_upper(PageInfo& p, PageType level, PageOwner& owner) {
    u64* const entries = entries_of(p);
    while (p.done < per_table) {
        if (nothing_from(entries, p.done)) {
            p.done += entries_per_look;
            continue;
        }
        u64 const e = load(&entries[p.done]);
        bool const guests = arch::entry::present(e) && !arch::entry::hypervisor_slot(level, p.done);
        if (guests)
            settle(&entries[p.done], e, TRY(arch::take_upper(level, e, owner)));
        ++p.done;
        if (guests && machine::preempt_pending())
            return Fail{Errno::restart};
    }
    return {};
}

// Also where our own tables are is nothing to hand to a guest.
void clear_slots(PageInfo& p) {
    std::fill_n(entries_of(p) + arch::first_hv_slot, arch::end_hv_slot - arch::first_hv_slot, u64{0});
}

// Whatever the guest wrote there, a root carries the hypervisor's own entries
// (PT-05). The M2P comes when it is used in kernel mode; there is no view yet.
Result<> validate_root(PageInfo& p, PageOwner& owner) {
    if (p.done == 0)
        clear_slots(p);
    TRY_VOID(validate_upper(p, PageType::l4, owner));
    u64* const slots = entries_of(p) + arch::first_hv_slot;
    std::ranges::copy(arch::hypervisor_slots(), slots);
    slots[0] = 0;
    slots[arch::view_slot - arch::first_hv_slot] = 0;
    return arch::open_view(p, owner);
}

Result<> validate_descriptors(PageInfo& p) {
    // As checked_descriptor() has it. A guest sets a GDT of 7168 without a look at who
    // waits, so each counts.
    for (u64& d : std::span{entries_of(p), per_table})
        if (pv::is_code_or_data(d))
            d = pv::for_ring3(d);
        else if (!pv::is_never_loaded(d))
            return Fail{Errno::inval};
    return {};
}

Result<> devalidate_l1(PageInfo& p) {
    u64 const* const entries = entries_of(p);
    while (p.done > 0) {
        if (nothing_below(entries, p.done)) {
            p.done -= entries_per_look;
        } else {
            u64 const e = load(&entries[--p.done]);
            if (arch::entry::present(e))
                arch::drop_l1(e);
        }
        if (pause_l1_at(p.done))
            return Fail{Errno::restart};
    }
    return {};
}

// Work on entry p.done may have stopped half-way, leaving the frame it names
// partial. Such a frame belongs to nobody, so whoever comes by may close it.
Result<> close_child(PageInfo const& p, PageType level) {
    if (p.done == per_table || arch::entry::hypervisor_slot(level, p.done))
        return {};
    u64 const e = load(&entries_of(p)[p.done]);
    PageInfo* const child = arch::entry::present(e) ? mm::page_of(arch::entry::frame(e)) : nullptr;
    if (!child || child->type() != arch::entry::next_lower(level))
        return {};
    auto const held = PageRef::take_of(*child, *p.owner.load(std::memory_order_relaxed));
    return held ? mm::close_partial(*child) : Result<>{};
}

Result<> devalidate_upper(PageInfo& p, PageType level) {
    TRY_VOID(close_child(p, level));
    u64 const* const entries = entries_of(p);
    while (p.done > 0) {
        if (nothing_below(entries, p.done)) {
            p.done -= entries_per_look;
            continue;
        }
        u64 const e = load(&entries[--p.done]);
        if (!arch::entry::present(e) || arch::entry::hypervisor_slot(level, p.done))
            continue;
        PageRef const rest = arch::drop_upper(e);
        if (rest || (p.done != 0 && machine::preempt_pending()))
            return Fail{Errno::restart};
    }
    return {};
}

Result<> devalidate_root(PageInfo& p) {
    arch::close_view(p, *p.owner.load(std::memory_order_relaxed));
    TRY_VOID(devalidate_upper(p, PageType::l4));
    clear_slots(p);
    return {};
}

}  // namespace

namespace mm::type_ops {

Result<> validate(PageInfo& p, PageType t, PageOwner& owner) {
    switch (t) {
        case PageType::l1:
            return validate_l1(p, owner);
        case PageType::l2:
        case PageType::l3:
            return validate_upper(p, t, owner);
        case PageType::l4:
            return validate_root(p, owner);
        default:
            return validate_descriptors(p);
    }
}

Result<> devalidate(PageInfo& p, PageType t) {
    switch (t) {
        case PageType::l1:
            return devalidate_l1(p);
        case PageType::l2:
        case PageType::l3:
            return devalidate_upper(p, t);
        case PageType::l4:
            return devalidate_root(p);
        default:
            return {};
    }
}

void visit_references(PageInfo const& p, PageType t, unsigned end, Visit f, void* context) {
    for (unsigned i = 0; i < end && t >= PageType::l1 && t <= PageType::l4; ++i) {
        u64 const e = load(&entries_of(p)[i]);
        if (!arch::entry::present(e) || arch::entry::hypervisor_slot(t, i))
            continue;
        if (PageInfo* const held = mm::page_of(arch::entry::frame(e)))
            f(*held, arch::entry::held_as(t, *held, e), context);
    }
}

}  // namespace mm::type_ops

// SPDX-License-Identifier: MIT
// The one way in which an entry of a live table changes: check and take what
// the new entry needs, store it, give back what the old one held. Hypercalls,
// emulated writes and grant mappings all come here.
#pragma once

#include "arch/pv/entry_refs.hpp"
#include "kernel/mm/table_lock.hpp"

namespace arch {

// How the new entry goes in.
struct Store {
    u64 desired = 0;
    bool keep_ad = false;           // with the old one's A and D
    bool only_if_expected = false;  // again: it is not `expected`
    u64 expected = 0;
};

// Stores `value` and answers with what it replaced. Only the CPU's own A and D
// updates can come between, so the loop is short (DS-3).
inline Result<u64> put(u64* slot, u64 value, Store const& s) {
    if (!s.keep_ad && !s.only_if_expected)
        return __atomic_exchange_n(slot, value, __ATOMIC_ACQ_REL);
    u64 old = s.only_if_expected ? s.expected : __atomic_load_n(slot, __ATOMIC_RELAXED);
    for (;;) {
        u64 const next = s.keep_ad ? value | (old & (pte::accessed | pte::dirty)) : value;
        if (__atomic_compare_exchange_n(slot, &old, next, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return old;
        if (s.only_if_expected)
            return Fail{Errno::again};
    }
}

// What update_l1() does when another frame may be mapped than before.
Result<> replace_l1(u64* slot, Store const& s, Authority const& who);

// The entry holds the frame before and after; only the right to write comes or
// goes, and with it a count of the type. False: nothing done, the frame is not
// RAM of whom the caller may map, or is not fit for the right.
inline Result<bool> change_rights(u64* slot, u64 now, u64 value, Store const& s, Authority const& who) {
    PageInfo* const page = mm::page_of(entry::frame(now));
    if (!page || !who.frames || page->owner.load(std::memory_order_relaxed) != who.frames) [[unlikely]]
        return false;
    bool const comes = entry::writable(value);
    if (comes ? !mm::add_writable(*page) : page->type() != PageType::writable) [[unlikely]]
        return false;
    auto const old = put(slot, value, s);
    // Whichever of the two is not in the table gives its right back.
    if (comes != old.has_value())
        mm::drop_writable(*page);
    if (!old)
        return Fail{old.error()};
    return true;
}

// `slot` lies in the locked table. Errors change nothing. Inline is what kernels
// do to many pages at a time.
[[gnu::always_inline]] inline Result<> update_l1(mm::TableLock const&, u64* slot, Store const& s,
                                                 Authority const& who) {
    u64 const now = __atomic_load_n(slot, __ATOMIC_RELAXED);
    u64 const value = entry::stored(PageType::l1, s.desired);
    u64 const difference = (now ^ value) & ~entry::harmless;
    if (!entry::present(now & s.desired) || (difference & ~pte::writable) != 0)
        return replace_l1(slot, s, who);
    if (difference == 0) {
        TRY_VOID(put(slot, value, s));
        return {};
    }
    return TRY(change_rights(slot, now, value, s, who)) ? Result<>{} : replace_l1(slot, s, who);
}

// Entry `index` of a locked L2..L4 table of `owner`. The answer is what
// remains to be closed of the old entry's table. restart: nothing changed yet.
// inval: also for the hypervisor's slots.
Result<PageRef> update_upper(mm::TableLock const& lock, PageType level, u64* table, unsigned index,
                             Store const& s, PageOwner& owner);

}  // namespace arch

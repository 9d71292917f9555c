// SPDX-License-Identifier: MIT
#include "arch/pv/table_update.hpp"

namespace arch {
namespace {

u64 load(u64 const* at) {
    return __atomic_load_n(at, __ATOMIC_RELAXED);
}

// Stores `value` and answers with what it replaced. Only the CPU's own A and D
// updates can come between, so the loop is short (DS-3).
Result<u64> put(u64* slot, u64 value, Store const& s) {
    if (!s.keep_ad && !s.only_if_expected)
        return __atomic_exchange_n(slot, value, __ATOMIC_ACQ_REL);
    u64 old = s.only_if_expected ? s.expected : load(slot);
    for (;;) {
        u64 const next = s.keep_ad ? value | (old & (pte::accessed | pte::dirty)) : value;
        if (__atomic_compare_exchange_n(slot, &old, next, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return old;
        if (s.only_if_expected)
            return Fail{Errno::again};
    }
}

// The frame that both entries map, if they differ in the right to write at most:
// RAM of whom the caller may map.
PageInfo* only_rights_change(u64 old, u64 desired, Authority const& who) {
    if (!who.frames || !entry::same_use(PageType::l1, old | pte::writable, desired | pte::writable))
        return nullptr;
    PageInfo* const page = mm::page_of(entry::frame(old));
    return page && page->owner.load(std::memory_order_relaxed) == who.frames ? page : nullptr;
}

// The entry holds the frame before and after; only the type's count changes.
// `page` has been made fit for a right that comes.
Result<> put_rights(PageInfo& page, u64* slot, Store const& s) {
    auto const old = put(slot, entry::stored(PageType::l1, s.desired), s);
    // Whichever of the two is not in the table gives its right back.
    if (entry::writable(s.desired) != old.has_value())
        mm::drop_writable(page);
    if (!old)
        return Fail{old.error()};
    return {};
}

}  // namespace

Result<> update_l1(mm::TableLock const&, u64* slot, Store const& s, Authority const& who) {
    constexpr PageType level = PageType::l1;
    u64 const now = load(slot);
    if (entry::same_use(level, now, s.desired)) {
        TRY_VOID(put(slot, entry::stored(level, s.desired), s));
        return {};
    }
    if (PageInfo* const page = only_rights_change(now, s.desired, who))
        if (entry::writable(s.desired) ? mm::add_writable(*page) : page->type() == PageType::writable)
            return put_rights(*page, slot, s);
    u64 const value = entry::present(s.desired) ? TRY(take_l1(s.desired, who)) : s.desired;
    auto const old = put(slot, value, s);
    if (!old) {
        if (entry::present(value))
            drop_l1(value);
        return Fail{old.error()};
    }
    if (entry::present(*old))
        drop_l1(*old);
    return {};
}

Result<PageRef> update_upper(mm::TableLock const&, PageType level, u64* table, unsigned index, Store const& s,
                             PageOwner& owner) {
    if (entry::hypervisor_slot(level, index))
        return Fail{Errno::inval};
    u64* const slot = table + index;
    if (entry::same_use(level, load(slot), s.desired)) {
        TRY_VOID(put(slot, entry::stored(level, s.desired), s));
        return PageRef{};
    }
    u64 const value = entry::present(s.desired) ? TRY(take_upper(level, s.desired, owner)) : s.desired;
    u64 const old = TRY(put(slot, value, {.desired = value, .keep_ad = s.keep_ad}));
    return entry::present(old) ? drop_upper(old) : PageRef{};
}

}  // namespace arch

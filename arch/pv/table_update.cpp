// SPDX-License-Identifier: MIT
#include "arch/pv/table_update.hpp"

#include "arch/pv/guest_view.hpp"

namespace arch {

Result<> replace_l1(u64* slot, Store const& s, Authority const& who) {
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
    if (entry::same_use(level, __atomic_load_n(slot, __ATOMIC_RELAXED), s.desired)) {
        TRY_VOID(put(slot, entry::stored(level, s.desired), s));
        if (level == PageType::l4)
            show_in_view(table, index);
        return PageRef{};
    }
    u64 const value = entry::present(s.desired) ? TRY(take_upper(level, s.desired, owner)) : s.desired;
    u64 const old = TRY(put(slot, value, {.desired = value, .keep_ad = s.keep_ad}));
    if (level == PageType::l4)
        show_in_view(table, index);
    return entry::present(old) ? drop_upper(old) : PageRef{};
}

}  // namespace arch

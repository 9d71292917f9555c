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

// `slot` lies in the locked table. Errors change nothing.
Result<> update_l1(mm::TableLock const& lock, u64* slot, Store const& s, Authority const& who);

// Entry `index` of a locked L2..L4 table of `owner`. The answer is what
// remains to be closed of the old entry's table. restart: nothing changed yet.
// inval: also for the hypervisor's slots.
Result<PageRef> update_upper(mm::TableLock const& lock, PageType level, u64* table, unsigned index,
                             Store const& s, PageOwner& owner);

}  // namespace arch

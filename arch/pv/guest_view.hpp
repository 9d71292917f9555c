// SPDX-License-Identifier: MIT
// With page-table isolation each guest root (an L4) has a view: a frame of the
// hypervisor's with the same guest entries, which is what the CPU walks while
// the guest runs. Its address is kept in the root, in a slot of ours that is not
// present; guests may read that and can do nothing with it.
//
// Whoever changes a root holds its TableLock, or its type while it is validated,
// and shows the change here. Without isolation all of this does nothing, and a
// root is its own view.
#pragma once

#include "arch/mm/isolation.hpp"
#include "arch/mm/layout.hpp"
#include "kernel/mm/page.hpp"

namespace arch {

// Slot 257 lies in a hole of the ABI's reserved range.
inline constexpr unsigned view_slot = first_hv_slot + 1;

// For a root that is valid from now on: all its entries are shown. nomem: no
// frame is free, or the owner has as many roots as its size allows.
Result<> open_view(PageInfo const& root, PageOwner& owner);
// For one that is not valid any more, and not loaded anywhere.
void close_view(PageInfo const& root, PageOwner& owner);

// Where the view of a valid root is.
inline Maddr view_of(Mfn root) {
    return isolation_on ? Maddr{machine::frame_as<u64>(root)[view_slot]} : maddr_of(root);
}

// Entry `index` of the root at `table` has changed.
inline void show_in_view(u64 const* table, unsigned index) {
    if (!isolation_on)
        return;
    u64* const view = machine::frame_as<u64>(mfn_of(Maddr{table[view_slot]}));
    __atomic_store_n(view + index, __atomic_load_n(table + index, __ATOMIC_RELAXED), __ATOMIC_RELEASE);
}

}  // namespace arch

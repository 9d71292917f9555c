// SPDX-License-Identifier: MIT
// What a present entry holds. L1: a general reference on the frame, with the
// type writable (or shared) if it maps read-write; device memory: nothing.
// L2..L4: the next lower type on the frame.
#pragma once

#include "arch/pv/entries.hpp"
#include "kernel/base/result.hpp"
#include "kernel/mm/page.hpp"

namespace arch {

// On whose authority frames are mapped (PT-13).
struct Authority {
    PageOwner* frames = nullptr;         // whose RAM; null: none
    PageOwner const* devices = nullptr;  // whose right to what is not RAM; null: none
};
inline Authority own_authority(PageOwner& o) {
    return {&o, &o};
}

// What take_l1() does when the frame is not RAM, or was refused.
Result<u64> take_device(u64 e, Authority const& who);
Errno why_not_writable(PageInfo const& page, PageOwner const& owner, Errno refused);

// Takes what the present entry `e` of an L1 table is to hold. The answer is the
// entry to store. inval, perm (device memory), busy (a table or descriptors).
inline Result<u64> take_l1(u64 e, Authority const& who) {
    PageInfo* const page = mm::page_of(entry::frame(e));
    if (!page) [[unlikely]]
        return take_device(e, who);
    if (!who.frames || !entry::flags_allowed(PageType::l1, e)) [[unlikely]]
        return Fail{Errno::inval};
    if (!entry::writable(e)) {
        TRY_VOID(mm::get_ref_of(*page, *who.frames));
    } else if (auto const r = mm::get_type(*page, PageType::writable, *who.frames); !r) [[unlikely]] {
        return Fail{why_not_writable(*page, *who.frames, r.error())};
    }
    return entry::stored(PageType::l1, e);
}

// Gives back what a stored L1 entry holds.
inline void drop_l1(u64 e) {
    PageInfo* const page = mm::page_of(entry::frame(e));
    if (!page) [[unlikely]]
        return;
    if (entry::writable(e))
        mm::put_type_sync(*page);
    else
        mm::put_ref(*page);
}

// The same for an entry of an L2..L4 table. Both may stop half-way: restart,
// and a frame to close, as of mm::get_type and mm::put_type.
Result<u64> take_upper(PageType level, u64 e, PageOwner& owner);
[[nodiscard]] PageRef drop_upper(u64 e);

}  // namespace arch

// SPDX-License-Identifier: MIT
#include "arch/pv/entry_refs.hpp"

#include "arch/mm/device_frames.hpp"

namespace arch {
namespace {

// Read-only where a read-write mapping is asked for but not given.
Result<u64> take_device(u64 e, Authority const& who) {
    if (!entry::flags_allowed(PageType::l1, e, true))
        return Fail{Errno::inval};
    DeviceAccess const access = who.devices ? device_access(entry::frame(e)) : DeviceAccess::none;
    if (access == DeviceAccess::none)
        return Fail{Errno::perm};
    u64 const s = entry::stored(PageType::l1, e);
    return access == DeviceAccess::full ? s : s & ~pte::writable;
}

// The ABI tells "in use as a table or descriptor page" (busy) from "not yours".
Result<> take_writable(PageInfo& page, PageOwner& owner) {
    auto const r = mm::get_type(page, PageType::writable, owner);
    if (!r && r.error() == Errno::inval && page.owner.load() == &owner)
        return Fail{Errno::busy};
    return r;
}

}  // namespace

Result<u64> take_l1(u64 e, Authority const& who) {
    PageInfo* const page = mm::page_of(entry::frame(e));
    if (!page)
        return take_device(e, who);
    if (!who.frames || !entry::flags_allowed(PageType::l1, e))
        return Fail{Errno::inval};
    if (entry::writable(e))
        TRY_VOID(take_writable(*page, *who.frames));
    else
        TRY_VOID(mm::get_ref_of(*page, *who.frames));
    return entry::stored(PageType::l1, e);
}

void drop_l1(u64 e) {
    PageInfo* const page = mm::page_of(entry::frame(e));
    if (!page)
        return;
    if (entry::writable(e))
        mm::put_type_sync(*page);
    else
        mm::put_ref(*page);
}

Result<u64> take_upper(PageType level, u64 e, PageOwner& owner) {
    PageInfo* const page = mm::page_of(entry::frame(e));
    if (!page || !entry::flags_allowed(level, e))
        return Fail{Errno::inval};
    TRY_VOID(mm::get_type(*page, entry::next_lower(level), owner));
    return entry::stored(level, e);
}

PageRef drop_upper(u64 e) {
    return mm::put_type(*mm::page_of(entry::frame(e)));
}

}  // namespace arch

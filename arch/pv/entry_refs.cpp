// SPDX-License-Identifier: MIT
#include "arch/pv/entry_refs.hpp"

#include <algorithm>

#include "arch/mm/device_frames.hpp"

namespace arch {
namespace {

DeviceAccess access_of(PageOwner const* who, Mfn frame) {
    if (!who)
        return DeviceAccess::none;
    auto const& own = who->device_frames;
    bool const may =
        who->maps_devices || std::ranges::any_of(own, [&](auto const& r) { return r.contains(frame); });
    return may ? device_access(frame) : DeviceAccess::none;
}

}  // namespace

// Read-only where a read-write mapping is asked for but not given.
Result<u64> take_device(u64 e, Authority const& who) {
    if (!entry::flags_allowed(PageType::l1, e, true))
        return Fail{Errno::inval};
    DeviceAccess const access = access_of(who.devices, entry::frame(e));
    if (access == DeviceAccess::none)
        return Fail{Errno::perm};
    u64 const s = entry::stored(PageType::l1, e);
    return access == DeviceAccess::full ? s : s & ~pte::writable;
}

// The ABI tells "in use as a table or descriptor page" (busy) from "not yours".
Errno why_not_writable(PageInfo const& page, PageOwner const& owner, Errno refused) {
    return refused == Errno::inval && page.owner.load() == &owner ? Errno::busy : refused;
}

Result<u64> take_upper(PageType level, u64 e, PageOwner& owner) {
    PageInfo* const page = mm::page_of(entry::frame(e));
    if (!page || !entry::flags_allowed(level, e))
        return Fail{Errno::inval};
    TRY_VOID(mm::get_type(*page, entry::next_lower(level), owner));
    return entry::stored(level, e);
}

PageRef drop_upper(u64 e) {
    return mm::put_type(mm::ram_page(entry::frame(e)));
}

}  // namespace arch

// SPDX-License-Identifier: MIT
#include "kernel/domain/guest_area.hpp"

#include <algorithm>
#include <cstring>

#include "kernel/domain/domain.hpp"
#include "kernel/machine/mapping.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/mm/guest_ptr.hpp"

namespace {

Result<TypeRef> hold(Vcpu& caller, Vaddr va) {
    PageInfo* const page = mm::page_of(TRY(machine::frame_behind(caller, va)));
    if (!page)
        return Fail{Errno::inval};
    return TypeRef::take(*page, PageType::writable, caller.domain.memory);
}

}  // namespace

Result<GuestArea> GuestArea::at(Vcpu& caller, Vaddr va, u32 bytes) {
    if (!mm::guest_range_ok(va.raw(), bytes))
        return Fail{Errno::fault};
    GuestArea a;
    a.address_ = va.raw();
    a.offset_ = static_cast<u32>(offset_in_page(va));
    a.first_ = TRY(hold(caller, va));
    if (a.offset_ + bytes > page_size)
        a.second_ = TRY(hold(caller, va + (page_size - a.offset_)));
    return a;
}

PageInfo* GuestArea::frame(unsigned i) const {
    TypeRef const& held = i == 0 ? first_ : second_;
    return held ? &*held : nullptr;
}

void GuestArea::write_across(u32 at, void const* from, u32 bytes) const {
    u64 const start = u64{offset_} + at;
    u64 const in_first = start < page_size ? std::min<u64>(bytes, page_size - start) : 0;
    std::memcpy(machine::frame_as<std::byte>(first_.mfn()) + start, from, in_first);
    if (in_first < bytes)
        std::memcpy(machine::frame_as<std::byte>(second_.mfn()) + (start + in_first - page_size),
                    static_cast<std::byte const*>(from) + in_first, bytes - in_first);
}

void replace(LockedGuestArea& area, GuestArea by) {
    std::swap(*area.lock(), by);
}

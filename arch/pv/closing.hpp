// SPDX-License-Identifier: MIT
// Page tables whose end takes longer than one hypercall should. A vcpu keeps at
// most one; its next MMU hypercall goes on with it before anything else.
#pragma once

#include "arch/pv/vcpu_state.hpp"

namespace arch {

// Takes over what mm::put_type left. Nothing may be waiting here already.
inline void park(Vcpu& v, PageRef rest) {
    if (!rest)
        return;
    ASSERT(!v.arch->closing);
    v.arch->closing = std::move(rest);
}

// restart: not done yet.
inline Result<> finish_closing(Vcpu& v) {
    if (!v.arch->closing) [[likely]]
        return {};
    TRY_VOID(mm::close_partial(*v.arch->closing));
    v.arch->closing.reset();
    return {};
}

// A type reference on behalf of `v`. A table that fails late may have to be
// closed in pieces.
inline Result<TypeRef> take_table(Vcpu& v, Mfn m, PageType t, PageOwner& owner) {
    PageInfo* const page = mm::page_of(m);
    if (!page)
        return Fail{Errno::inval};
    auto taken = TypeRef::take(*page, t, owner);
    if (!taken && taken.error() != Errno::restart && page->is_partial())
        if (auto rest = PageRef::take_of(*page, owner))
            park(v, std::move(*rest));
    return taken;
}

}  // namespace arch

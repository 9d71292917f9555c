// SPDX-License-Identifier: MIT
#include "dom0/net/netback/card_pages.hpp"

namespace netback {

void CardPages::lend(u32 first, std::span<GrantRef const> refs, std::span<std::optional<Lent>> into) {
    if (!ours_)
        return lend_posted(refs, into);
    for (u32 i = 0; i < refs.size(); ++i)
        into[i] = Lent{ours_->of_place(first + i).at, refs[i], std::nullopt};
}

void CardPages::lend_posted(std::span<GrantRef const> refs, std::span<std::optional<Lent>> into) {
    u32 missing = 0;
    for (u32 i = 0; i < refs.size(); ++i) {
        if (auto const at = declared_.pin(refs[i], StaticGrants::Use::write)) {
            into[i] = Lent{*at, refs[i], std::nullopt};
            continue;
        }
        into[i].reset();
        missing_[missing] = refs[i];
        places_[missing++] = static_cast<u8>(i);
    }
    if (missing != 0)
        lend_mapped(missing, into);
}

void CardPages::lend_mapped(u32 count, std::span<std::optional<Lent>> into) {
    others_.map(std::span{missing_}.first(count), DeviceMaps::Access::read_write, mapped_);
    for (u32 i = 0; i < count; ++i) {
        if (mapped_[i])
            into[places_[i]] = Lent{mapped_[i]->at, missing_[i], mapped_[i]->handle};
    }
}

void CardPages::take_back(Lent const& page) {
    if (ours_)
        return;
    if (page.handle)
        others_.unmap({page.at, *page.handle});
    else
        declared_.unpin(page.ref);
}

// What was mapped for the card alone stays so by never being unmapped.
void CardPages::lose(Lent const& page) {
    if (ours_)
        return ours_->lose();
    if (!page.handle)
        declared_.lose(page.ref);
}

}  // namespace netback

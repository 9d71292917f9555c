// SPDX-License-Identifier: MIT
#include "dom0/net/netback/card_pages.hpp"

namespace netback {

void CardPages::lend(std::span<GrantRef const> refs, std::span<std::optional<Lent>> into) {
    std::array<GrantRef, batch> missing;
    std::array<u8, batch> places;
    u32 count = 0;
    for (u32 i = 0; i < refs.size(); ++i) {
        into[i].reset();
        if (auto const at = declared_.pin(refs[i])) {
            into[i] = Lent{*at, refs[i], std::nullopt};
            continue;
        }
        missing[count] = refs[i];
        places[count++] = static_cast<u8>(i);
    }
    std::array<std::optional<DeviceMaps::Page>, batch> mapped;
    others_.map(std::span{missing}.first(count), DeviceMaps::Access::read_write, mapped);
    for (u32 i = 0; i < count; ++i)
        if (mapped[i])
            into[places[i]] = Lent{mapped[i]->at, missing[i], mapped[i]->handle};
}

void CardPages::take_back(Lent const& page) {
    if (page.handle)
        others_.unmap({page.at, *page.handle});
    else
        declared_.unpin(page.ref);
}

// What was mapped for the card alone stays so by never being unmapped.
void CardPages::lose(Lent const& page) {
    if (!page.handle)
        declared_.lose(page.ref);
}

}  // namespace netback

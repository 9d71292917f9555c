// SPDX-License-Identifier: MIT
#include "dom0/net/netback/granted_pages.hpp"

#include <utility>

namespace netback {

Result<std::shared_ptr<BackendPages>> GrantedPages::make(DomId guest) {
    free_unmapped();
    if (sets == most_sets)
        return Fail{Errno::nospc};
    std::shared_ptr<GrantedPages> set{new GrantedPages};
    ++sets;
    set->granted_.reserve(count);
    for (Page& page : set->pages_) {
        auto memory = TRY(rt::Pages::allocate());
        auto grant = TRY(rt::Grant::allow(guest, memory.mfn(), rt::Access::read_only));
        page = {grant.ref(), maddr_of(memory.mfn())};
        set->granted_.push_back({std::move(memory), std::move(grant)});
    }
    return set;
}

GrantedPages::~GrantedPages() {
    if (lost_) {
        for (Granted& each : granted_)
            each.page.release();
        return;
    }
    kept.push_back(std::move(granted_));
    free_unmapped();
}

// A set is freed page by page, and gone when its last page is.
void GrantedPages::free_unmapped() {
    for (auto& set : kept)
        std::erase_if(set, [](Granted& page) { return page.grant.end(); });
    sets -= static_cast<u32>(std::erase_if(kept, [](auto const& set) { return set.empty(); }));
}

}  // namespace netback

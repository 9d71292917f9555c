// SPDX-License-Identifier: MIT
#include "dom0/net/netback/static_grants.hpp"

#include <algorithm>

namespace netback {

Result<> StaticGrants::add(std::span<GrantRef const> refs, bool writable) {
    if (refs.empty())
        return {};
    if (refs.size() > most_pages - count_)
        return Fail{Errno::nospc};
    std::vector<GrantRef> sorted{refs.begin(), refs.end()};
    std::ranges::sort(sorted);
    u32 const highest = sorted.back().raw();
    if (highest >= most_refs)
        return Fail{Errno::inval};
    bool const declared = std::ranges::any_of(refs, [&](GrantRef ref) { return find(ref) != nullptr; });
    if (declared || std::ranges::adjacent_find(sorted) != sorted.end())
        return Fail{Errno::exist};
    std::shared_ptr<GrantBlock> const block = TRY(map_(guest_, refs, writable));
    if (places_.size() <= highest)
        places_.resize(highest + 1, nowhere);
    for (u32 i = 0; i < refs.size(); ++i) {
        if (free_.empty()) {
            free_.push_back(static_cast<u16>(pages_.size()));
            pages_.emplace_back();
        }
        u16 const place = free_.back();
        free_.pop_back();
        pages_[place] = {block->page(i), writable, 0, i, block};
        places_[refs[i].raw()] = place;
        ++count_;
    }
    return {};
}

bool StaticGrants::remove(GrantRef ref) {
    auto const* const found = find(ref);
    if (found == nullptr || found->pins != 0)
        return false;
    u16 const place = std::exchange(places_[ref.raw()], nowhere);
    Page const page = std::exchange(pages_[place], {});
    page.block->drop(page.index);
    free_.push_back(place);
    --count_;
    return true;
}

std::optional<Maddr> StaticGrants::pin(GrantRef ref, Use use) {
    auto const* const found = find(ref);
    if (found == nullptr || (use == Use::write && !found->writable))
        return std::nullopt;
    ++pages_[places_[ref.raw()]].pins;
    return found->block->machine(found->index);
}

void StaticGrants::unpin(GrantRef ref) {
    --pages_[places_[ref.raw()]].pins;
}

void StaticGrants::lose(GrantRef ref) {
    static std::vector<std::shared_ptr<GrantBlock>> lost;
    auto const& block = find(ref)->block;
    if (std::ranges::find(lost, block) == lost.end())
        lost.push_back(block);
}

}  // namespace netback

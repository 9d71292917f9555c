// SPDX-License-Identifier: MIT
#include "kernel/monitor/audit_grants.hpp"

#include <algorithm>
#include <optional>

namespace monitor {
namespace {

using Where = std::array<char, 64>;

constexpr std::array<grant::Use, 4> uses{grant::Use{false, false}, grant::Use{false, true},
                                         grant::Use{true, false}, grant::Use{true, true}};

std::string_view kind_of(grant::Use use) {
    static constexpr std::array<std::string_view, 4> names{"read by mapping", "written by mapping",
                                                           "read by devices", "written by devices"};
    return names[unsigned{use.device} * 2 + unsigned{use.write}];
}

// Adds the uses that `mapper` has of what `granter` offers, by its next `most`
// handles from `from` on. Where to go on; none: that was the last.
std::optional<u32> count_uses(Domain& mapper, Domain const& granter, u32 from, u32& most,
                              std::span<grant::Pins> counted) {
    auto const handles = mapper.maptrack.lock();
    if (handles->in_use() == 0)
        return std::nullopt;
    u32 h = handles->next_in_use(from);
    for (; most > 0 && h < handles->capacity(); --most, h = handles->next_in_use(h + 1)) {
        MapRecord const& r = *handles->find(GrantHandle{h});
        if (r.granter != &granter || r.ref.raw() >= counted.size())
            continue;
        if (r.host)
            counted[r.ref.raw()].add({false, !r.readonly});
        if (r.device)
            counted[r.ref.raw()].add({true, !r.readonly});
    }
    return h < handles->capacity() ? std::optional{h} : std::nullopt;
}

void compare(Domain const& granter, u32 ref, grant::ActiveEntry const& kept, grant::Pins counted,
             Findings& found) {
    for (grant::Use const use : uses) {
        if (kept.pins.count(use) == counted.count(use))
            continue;
        Where where, about;
        found.add("grant uses", text::format_to(where, "d{} grant {:#x}", granter.id, ref),
                  kept.pins.count(use), counted.count(use),
                  text::format_to(about, "frame {:#x}, {} of d{}", kept.frame, kind_of(use), kept.user));
    }
}

}  // namespace

Result<GrantRecount> GrantRecount::of(Domain& granter) {
    GrantRecount r;
    r.granter_ = DomainRef{granter};
    if (u32 const entries = granter.grants.lock()->entries(); entries != 0)
        r.counted_ = TRY(mm::HeapArray<grant::Pins>::make(entries));
    return r;
}

void GrantRecount::count_next(u32 most) {
    constexpr u32 handles_worth = 8;  // to find a domain takes as long
    while (most > 0) {
        DomainRef const mapper = domains::next_from(mapper_);
        if (!mapper) {
            all_counted_ = true;
            at_ = 0;
            return;
        }
        most -= std::min(most, handles_worth);
        auto const next = count_uses(*mapper, *granter_, at_, most, counted_.span());
        mapper_ = next ? mapper->id : DomId{static_cast<u16>(mapper->id.raw() + 1)};
        at_ = next.value_or(0);
    }
}

bool GrantRecount::compare_next(u32 most, Findings& found) {
    auto const table = granter_->grants.lock();
    for (; most > 0 && at_ < counted_.size(); --most, ++at_) {
        auto const kept = table->active(GrantRef{at_});
        if (!kept.pins.any() && !counted_[at_].any())
            continue;
        in_use_ += kept.pins.any();
        compare(*granter_, at_, kept, counted_[at_], found);
    }
    return at_ < counted_.size();
}

bool GrantRecount::step(u32 most, Findings& found) {
    if (counted_.size() == 0)
        return false;
    if (all_counted_)
        return compare_next(most, found);
    count_next(most);
    return true;
}

}  // namespace monitor

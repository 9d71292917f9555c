// SPDX-License-Identifier: MIT
#include "kernel/domain/grants.hpp"

#include "kernel/machine/cpu.hpp"

namespace grant {

s16 Held::acquire(Domain& granter, GrantRef ref, DomId user, Use use) {
    ASSERT(!hold_);
    auto const pinned = granter.grants.lock()->pin(ref, user, use);
    if (pinned.status != GNTST_okay)
        return pinned.status;
    // Only memory of its own can be granted (GT-07).
    auto hold = mm::FrameHold::take(pinned.frame, granter.memory, use.write);
    if (!hold) {
        granter.grants.lock()->unpin(ref, use);
        return GNTST_bad_page;
    }
    granter_ = &granter;
    ref_ = ref;
    use_ = use;
    hold_ = std::move(*hold);
    return GNTST_okay;
}

s16 Held::acquire_own(Mfn frame, PageOwner& user, bool write) {
    ASSERT(!hold_);
    auto hold = mm::FrameHold::take(frame, user, write);
    if (!hold)
        return GNTST_bad_page;
    granter_ = nullptr;
    hold_ = std::move(*hold);
    return GNTST_okay;
}

void Held::end() {
    if (granter_)
        end_use(*granter_, ref_, use_, std::move(hold_));
    else
        hold_.reset();
}

void end_uses(MapRecord const& r) {
    DomainRef const granter = DomainRef::adopt(*r.granter);
    bool const write = !r.readonly;
    if (r.host)
        end_use(*granter, r.ref, {false, write}, {});
    if (r.device)
        end_use(*granter, r.ref, {true, write}, mm::FrameHold::adopt(frame_in_use(r), write));
}

Result<> release_all(Domain& d) {
    constexpr u32 between_checks = 64;
    u32 done = 0;
    for (u32 next = 0;; ++next) {
        MapRecord record;
        {
            auto handles = d.maptrack.lock();
            next = handles->in_use() == 0 ? handles->capacity() : handles->next_in_use(next);
            if (next >= handles->capacity())
                return {};
            record = *handles->find(GrantHandle{next});
            handles->release(GrantHandle{next});
        }
        end_uses(record);
        if (++done % between_checks == 0 && machine::preempt_pending())
            return Fail{Errno::restart};
    }
}

}  // namespace grant

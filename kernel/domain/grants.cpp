// SPDX-License-Identifier: MIT
#include "kernel/domain/grants.hpp"

#include "kernel/machine/cpu.hpp"

namespace grant {

s16 Held::acquire(Domain& granter, GrantRef ref, DomId user, Use use) {
    ASSERT(!granter_);
    auto const pinned = granter.grants.lock()->pin(ref, user, use);
    if (pinned.status != GNTST_okay)
        return pinned.status;
    granter_ = DomainRef{granter};
    ref_ = ref;
    use_ = use;
    frame_ = pinned.frame;
    // Only memory of its own can be granted (GT-07).
    auto hold = mm::FrameHold::take(pinned.frame, granter.memory, use.write);
    if (!hold) {
        reset();
        return GNTST_bad_page;
    }
    hold_ = std::move(*hold);
    return GNTST_okay;
}

void Held::keep() {
    hold_.release();
    granter_ = {};
}

void Held::reset() {
    if (!granter_)
        return;
    end_use(*granter_, ref_, use_, std::move(hold_));
    granter_ = {};
}

// The frame first: once unpinned the granter may think of it as its own.
void end_use(Domain& granter, GrantRef ref, Use use, mm::FrameHold hold) {
    hold.reset();
    granter.grants.lock()->unpin(ref, use);
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
        DomainRef const granter = DomainRef::adopt(*record.granter);
        bool const write = !record.readonly;
        if (record.host)
            end_use(*granter, record.ref, {false, write}, {});
        if (record.device) {
            Mfn const frame = granter->grants.lock()->pinned_frame(record.ref);
            end_use(*granter, record.ref, {true, write}, mm::FrameHold::adopt(frame, write));
        }
        if (++done % between_checks == 0 && machine::preempt_pending())
            return Fail{Errno::restart};
    }
}

}  // namespace grant

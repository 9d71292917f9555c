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

Held Held::adopt(Domain& granter, GrantRef ref, Use use, bool hold) {
    Held h;
    h.granter_ = DomainRef{granter};
    h.ref_ = ref;
    h.use_ = use;
    h.frame_ = granter.grants.lock()->pinned_frame(ref);
    if (hold)
        h.hold_ = mm::FrameHold::adopt(h.frame_, use.write);
    return h;
}

void Held::keep() {
    hold_.release();
    granter_ = {};
}

// The frame first: once unpinned the granter may think of it as its own.
void Held::reset() {
    if (!granter_)
        return;
    hold_ = {};
    granter_->grants.lock()->unpin(ref_, use_);
    granter_ = {};
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
        if (record.host)
            Held::adopt(*granter, record.ref, {false, !record.readonly}, false).reset();
        if (record.device)
            Held::adopt(*granter, record.ref, {true, !record.readonly}, true).reset();
        if (++done % between_checks == 0 && machine::preempt_pending())
            return Fail{Errno::restart};
    }
}

}  // namespace grant

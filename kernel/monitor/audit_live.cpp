// SPDX-License-Identifier: MIT
#include "kernel/monitor/audit_live.hpp"

#include <algorithm>

#include "kernel/domain/holders.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/monitor/findings.hpp"

namespace monitor {

using State = LiveAudit::State;

State LiveAudit::step() {
    return (this->*phase_)();
}

void LiveAudit::go_to(Phase next) {
    phase_ = next;
    at_ = Mfn{0};
    domain_ = DomId{0};
    item_ = 0;
    doubtful_ = 0;
}

// The end of a round: the next phase, another round, or no more of them.
State LiveAudit::again_or(bool well, Phase again, Phase next) {
    idle_rounds_ = doubtful_ < least_doubtful_ ? 0 : idle_rounds_ + 1;
    least_doubtful_ = std::min(least_doubtful_, doubtful_);
    if (!well && (++rounds_ == most_rounds || idle_rounds_ == most_idle_rounds))
        return State::in_doubt;
    if (well) {
        rounds_ = idle_rounds_ = 0;
        least_doubtful_ = ~u64{0};
    }
    go_to(well ? next : again);
    return State::going_on;
}

// Calls look_at(page) for the next frames, which answers how much work that was
// besides; free blocks are only added up. True: that was all of them.
bool LiveAudit::sweep(auto look_at) {
    Mfn m = at_;
    u64 listed = m == Mfn{0} ? 0 : listed_;
    for (u64 work = 0; m < mm::max_mfn() && work < step_size; ++work) {
        PageInfo const* const p = mm::page_of(m);
        u64 const free = p ? mm::free_frames_at(*p) : 0;
        listed += free;
        if (p && free == 0)
            work += look_at(*p);
        m = m + std::max<u64>(free, 1);
    }
    at_ = m;
    listed_ = listed;
    return m >= mm::max_mfn();
}

// done = f(Domain&) of the domain that is next, which may take several steps.
// False: there are no more.
bool LiveAudit::for_next_domain(auto f) {
    auto const begin = [this](u32 id) {
        domain_ = DomId{static_cast<u16>(id)};
        item_ = 0;
        grants_.reset();
    };
    DomainRef const d = domains::next_from(domain_);
    if (!d)
        return false;
    if (d->id != domain_)
        begin(d->id.raw());
    if (f(*d))
        begin(d->id.raw() + 1u);
    return true;
}

// Memory comes zeroed, which takes its time.
State LiveAudit::make_room() {
    if (!book_.is_open()) {
        auto book = mm::AuditBook::open_empty();
        if (!book)
            return State::in_doubt;
        book_ = std::move(*book);
    }
    for (unsigned i = 0; i < rooms_in_step && at_ < mm::max_mfn(); ++i) {
        auto const next = book_.make_room(at_);
        if (!next)
            return State::in_doubt;
        at_ = *next;
    }
    if (at_ >= mm::max_mfn())
        go_to(&LiveAudit::count);
    return State::going_on;
}

State LiveAudit::count() {
    if (sweep([&](PageInfo const& p) { return entry_work * book_.expect_from(p); })) {
        free_well_ = listed_ == mm::free_frame_count();
        go_to(&LiveAudit::ask_domains);
    }
    return State::going_on;
}

State LiveAudit::ask_domains() {
    bool const more = for_next_domain([&](Domain& d) {
        expect_own(d, book_);
        return true;
    });
    if (!more)
        go_to(&LiveAudit::ask_devices);
    return State::going_on;
}

State LiveAudit::ask_devices() {
    bool const more = for_next_domain([&](Domain& d) {
        item_ = expect_device_grants(d, item_, items_in_step, book_);
        return item_ == domains::no_more_handles;
    });
    if (!more) {
        totals_.frames = 0;
        go_to(&LiveAudit::compare);
    }
    return State::going_on;
}

State LiveAudit::compare() {
    Mfn const end = std::min(at_ + step_size, mm::max_mfn());
    auto const tally = book_.settle(at_, end);
    totals_.frames += tally.owned;
    doubtful_ += tally.not_well;
    at_ = end;
    if (at_ < mm::max_mfn())
        return State::going_on;
    return again_or(doubtful_ == 0, &LiveAudit::make_room,
                    free_well_ ? &LiveAudit::look_at_grants : &LiveAudit::count_free);
}

// Once more, where frames came and went while all were counted.
State LiveAudit::count_free() {
    if (!sweep([](PageInfo const&) { return 0u; }))
        return State::going_on;
    return again_or(listed_ == mm::free_frame_count(), &LiveAudit::count_free, &LiveAudit::look_at_grants);
}

State LiveAudit::look_at_grants() {
    if (domain_ == DomId{0} && !grants_)
        totals_.grants = 0;
    Findings found{nullptr};
    bool enough_memory = true;
    bool const more = for_next_domain([&](Domain& d) {
        if (!grants_) {
            auto begun = GrantRecount::of(d);
            enough_memory = begun.has_value();
            if (!enough_memory)
                return true;
            grants_ = std::move(*begun);
        }
        if (grants_->step(items_in_step, found))
            return false;
        totals_.grants += grants_->in_use();
        return true;
    });
    doubtful_ += found.count();
    if (!enough_memory)
        return State::in_doubt;
    return more ? State::going_on
                : again_or(doubtful_ == 0, &LiveAudit::look_at_grants, &LiveAudit::look_at_channels);
}

State LiveAudit::look_at_channels() {
    if (domain_ == DomId{0} && item_ == 0)
        totals_.channels = 0;
    Findings found{nullptr};
    bool const more = for_next_domain([&](Domain& d) {
        item_ = audit_channels_of(d, std::max(item_, 1u), channels_in_step, totals_.channels, found);
        return item_ == no_more_ports;
    });
    doubtful_ += found.count();
    if (more)
        return State::going_on;
    return again_or(doubtful_ == 0, &LiveAudit::look_at_channels, &LiveAudit::look_at_promises);
}

// In one step, for each change of a budget would be a difference.
State LiveAudit::look_at_promises() {
    if (promised_to_all() == mm::promised_frame_count())
        return State::in_order;
    ++doubtful_;
    return again_or(false, &LiveAudit::look_at_promises, nullptr);
}

}  // namespace monitor

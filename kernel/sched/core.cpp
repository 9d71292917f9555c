// SPDX-License-Identifier: MIT
#include "kernel/sched/core.hpp"

#include <algorithm>
#include <utility>

#include "kernel/sched/hooks.hpp"
#include "kernel/sync/assert.hpp"

namespace sched {
namespace {

bool is_able(State s) {
    return s == State::running || s == State::runnable;
}

// Whether the cap of its domain leaves it something to run for.
bool has_budget(Unit& u, Nanos now) {
    if (u.share->cap() == 0)
        return true;
    if (u.reserved <= 0)
        u.reserved += u.share->reserve(now);
    return u.reserved > 0;
}

}  // namespace

bool can_run(Unit const& u) {
    return u.up.load() && !u.blocked.load() && !u.parked && hooks::may_run(*u.vcpu);
}

State resting_state(Unit const& u) {
    return u.blocked.load() ? State::blocked : State::offline;
}

void enter(Unit& u, State s, Nanos now) {
    State const before = u.state.load(std::memory_order_relaxed);
    u.time_in[static_cast<usize>(before)] += now - u.state_entry;
    u.state_entry = now;
    u.state.store(s);
    if (is_able(before) != is_able(s))
        u.share->able_changed(is_able(s), now);
}

// Time is charged to the nanosecond and at every decision, so dodging the timer
// interrupt or yielding gains nothing (SC-3). Whoever has the CPU to itself
// takes from nobody and owes nothing.
void Core::charge(Nanos now) {
    Unit& u = *running_;
    Nanos const ran = std::max<Nanos>(now - u.charged_at, 0);
    u.charged_at = now;
    Nanos const able_time = u.share->able_time(now);
    if (!alone_ && !interrupted_)
        u.spent += u.share->price_of(able_time - u.able_time);
    u.able_time = able_time;
    u.boost = std::max<Nanos>(u.boost - ran, 0);
    if (u.share->cap() != 0)
        u.reserved -= ran;
}

bool Core::keeps_running(Nanos now) {
    Unit& u = *running_;
    if (!can_run(u) || u.yielded || !u.may_use(id()) || !has_budget(u, now))
        return false;
    Unit const* const first = queue_.front();
    if (!first)
        return true;
    bool const outranked = first->boost > 0 && u.boost == 0;
    if (outranked)
        slice_ = std::min(slice_, least_run);
    return !slice_over(now);
}

void Core::park(Unit& u, Nanos now) {
    u.share->settle(std::exchange(u.reserved, 0));
    queue_.park(u, window_end(now));
    enter(u, State::offline, now);
}

void Core::turn_away(Unit& u, Nanos now) {
    running_ = nullptr;
    u.yielded = false;
    if (!can_run(u)) {
        enter(u, resting_state(u), now);
    } else if (!has_budget(u, now)) {
        park(u, now);
        return;
    } else {
        enter(u, State::runnable, now);
        queue_.insert(u);
    }
    u.share->settle(std::exchange(u.reserved, 0));
}

void Core::release_parked(Nanos now) {
    while (Unit* const u = queue_.next_due(now)) {
        if (!can_run(*u))
            continue;
        enter(*u, State::runnable, now);
        queue_.insert(*u);
    }
}

// Units that may no longer use this CPU wait in its queue only until their
// registers are saved; sched::context_saved then moves them.
Unit* Core::take_front(Nanos now) {
    for (Unit* u = queue_.front(); u;) {
        Unit* const next = u->next;
        if (u->may_use(id())) {
            queue_.remove(*u);
            if (has_budget(*u, now))
                return u;
            park(*u, now);
        }
        u = next;
    }
    return nullptr;
}

void Core::begin_slice(Nanos now) {
    slice_start_ = now;
    slice_ = running_->boost > 0 ? boost_length : slice_length;
}

void Core::start(Unit& u, Nanos now) {
    running_ = &u;
    begin_slice(now);
    u.charged_at = now;
    u.able_time = u.share->able_time(now);
    u.on_cpu.store(true);
    enter(u, State::running, now);
}

// Whoever yields comes after all others, whatever its credit.
void Core::replace_running(Nanos now) {
    Unit* next = running_ && running_->yielded ? take_front(now) : nullptr;
    if (running_)
        turn_away(*running_, now);
    if (!next)
        next = take_front(now);
    if (next)
        start(*next, now);
}

Unit* Core::choose(Nanos now, bool others_wait) {
    if (running_)
        charge(now);
    release_parked(now);
    alone_ = false;
    crowded_ = running_ && queue_.front() && slice_over(now);
    if (!running_ || !keeps_running(now))
        replace_running(now);
    if (!running_)
        return nullptr;
    if (Unit const* const b = best())  // its domain may just have been paused
        queue_.refill_for(*b);
    alone_ = !queue_.front() && !others_wait;
    if (!alone_ && slice_over(now))
        begin_slice(now);  // nobody who waits can run here: it goes on
    return running_;
}

Nanos Core::deadline() const {
    Nanos end = queue_.parked_until();
    if (!running_)
        return end;
    if (!alone_)
        end = std::min(end, slice_start_ + slice_);
    if (running_->share->cap() != 0)
        end = std::min(end, running_->charged_at + running_->reserved);
    return end;
}

void Core::interrupt(Nanos now) {
    if (!running_)
        return;  // taken from nobody
    charge(now);
    interrupted_ = true;
    unpaid_since_ = now;
}

// Who runs may have a cap as well, of which it has used nothing.
Nanos Core::take_unpaid(Unit& u, Nanos now) {
    if (!interrupted_ || (&u == running_ && alone_))
        return 0;
    Nanos const unpaid = std::max<Nanos>(now - unpaid_since_, 0);
    unpaid_since_ += unpaid;
    if (running_->share->cap() != 0)
        running_->reserved += unpaid;
    return unpaid;
}

void Core::resume(Nanos now) {
    if (!interrupted_)
        return;
    charge(now);
    interrupted_ = false;
    if (!alone_)
        running_->spent += running_->share->price(std::max<Nanos>(now - unpaid_since_, 0));
}

// Those that wait unboosted do so in the order of what they spent.
void Core::bill(Unit& u, Nanos time) {
    bool const moves = u.queued && u.boost == 0;
    if (moves)
        queue_.remove(u);
    u.spent += u.share->price(time);
    if (moves)
        queue_.insert(u);
    if (u.share->cap() != 0)
        u.reserved -= time;
}

Notice Core::admit(Unit& u, Nanos now, Arrival how) {
    if (running_)
        charge(now);
    alone_ = false;
    if (how != Arrival::moved)
        queue_.set_credit(u, std::min<s64>(queue_.credit(u), RunQueue::credit_limit));
    u.boost = how == Arrival::woken && queue_.credit(u) > 0 ? boost_length : 0;
    enter(u, State::runnable, now);
    queue_.insert(u);
    if (!running_ || (u.boost > 0 && running_->boost == 0))
        return Notice::choose;
    if (queue_.length() != 1)
        return Notice::none;
    return slice_over(now) ? Notice::choose : Notice::slice;
}

bool Core::withdraw(Unit& u, Nanos now) {
    if (running_ == &u)
        return true;
    if (u.queued)
        queue_.remove(u);
    else if (u.parked)
        queue_.unpark(u);
    enter(u, resting_state(u), now);
    return false;
}

Unit const* Core::best() const {
    Unit const* first = queue_.front();
    while (first && !first->may_use(id()))
        first = first->next;
    bool const runs_on = running_ && can_run(*running_) && running_->may_use(id());
    if (!runs_on || (first && (first->boost > 0 || first->spent < running_->spent)))
        return first;
    return running_;
}

Unit* Core::movable_to(CpuId to) const {
    for (Unit* u = queue_.front(); u; u = u->next)
        if (u->may_use(to) && !u->on_cpu.load())
            return u;
    return nullptr;
}

// Whoever has come least far comes first, wherever it waits: so shares follow
// weights across CPUs, too. It is worth a move when it leaves nobody here behind
// for a whole slice. Whoever had this CPU to itself was charged nothing for it,
// so being far behind those that wait elsewhere is no claim.
bool Core::wants(Unit const& other, s64 progress, Nanos now) {
    if (running_)
        charge(now);
    Unit const* const u = best();
    if (!u)
        return true;
    s64 const ahead = queue_.progress(*u) - progress, claim = alone_ ? 0 : most_behind;
    if (ahead < -claim)
        queue_.skip(-ahead - claim);
    return u->boost == 0 && ahead > other.share->price(slice_length);
}

s64 Core::leave(Unit& u) {
    s64 const progress = queue_.progress(u);
    if (u.queued)
        queue_.remove(u);
    else if (u.parked)
        queue_.unpark(u);
    return progress;
}

void Core::join(Unit& u, s64 progress) {
    u.cpu.store(id());
    if (!best())
        queue_.follow(progress);
    queue_.set_progress(u, progress);
    queue_.set_credit(u, std::clamp<s64>(queue_.credit(u), -most_behind, most_behind));
}

}  // namespace sched

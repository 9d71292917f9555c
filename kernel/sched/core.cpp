// SPDX-License-Identifier: MIT
#include "kernel/sched/core.hpp"

#include <algorithm>

#include "kernel/sched/hooks.hpp"
#include "kernel/sync/assert.hpp"

namespace sched {
namespace {

constexpr Nanos allowance(Unit const& u) {
    return cap_window / 100 * u.cap;
}

bool over_cap(Unit const& u) {
    return u.cap != 0 && u.window_used >= allowance(u);
}

void count_towards_cap(Unit& u, Nanos ran, Nanos now) {
    if (now - u.window >= cap_window) {
        u.window = now - ran;
        u.window_used = 0;
    }
    u.window_used += ran;
}

bool may_use(Unit const& u, CpuId cpu) {
    return (u.affinity >> cpu.raw() & 1) != 0;
}

}  // namespace

bool can_run(Unit const& u) {
    return u.up.load() && !u.blocked.load() && !u.parked && hooks::may_run(*u.vcpu);
}

State resting_state(Unit const& u) {
    return u.blocked.load() ? State::blocked : State::offline;
}

void enter(Unit& u, State s, Nanos now) {
    u.time_in[static_cast<usize>(u.state.load(std::memory_order_relaxed))] += now - u.state_entry;
    u.state_entry = now;
    u.state.store(s);
}

// Time is charged to the nanosecond and at every decision, so dodging the timer
// interrupt or yielding gains nothing (SC-3).
void Core::charge(Nanos now) {
    Unit& u = *running_;
    Nanos const ran = std::max<Nanos>(now - u.charged_at, 0);
    u.charged_at = now;
    u.spent += ran * default_weight / u.weight;
    u.boost = std::max<Nanos>(u.boost - ran, 0);
    if (u.cap != 0)
        count_towards_cap(u, ran, now);
}

bool Core::keeps_running(Nanos now) const {
    Unit const& u = *running_;
    if (!can_run(u) || u.yielded || over_cap(u) || !may_use(u, id_))
        return false;
    Unit const* const first = queue_.front();
    if (!first)
        return true;
    bool const outranked = first->boost > 0 && u.boost == 0;
    return !outranked && now - slice_start_ < slice_;
}

void Core::turn_away(Unit& u, Nanos now) {
    running_ = nullptr;
    u.yielded = false;
    if (can_run(u) && over_cap(u)) {
        queue_.park(u);
        enter(u, State::offline, now);
    } else if (can_run(u)) {
        enter(u, State::runnable, now);
        queue_.insert(u);
    } else {
        enter(u, resting_state(u), now);
    }
}

void Core::release_parked(Nanos now) {
    while (Unit* const u = queue_.next_due(now)) {
        queue_.unpark(*u);
        u->window = now;
        u->window_used = 0;
        if (can_run(*u)) {
            enter(*u, State::runnable, now);
            queue_.insert(*u);
        }
    }
}

// Units that may no longer use this CPU wait in its queue only until their
// registers are saved; sched::context_saved then moves them.
Unit* Core::take_front() {
    Unit* u = queue_.front();
    while (u && !may_use(*u, id_))
        u = u->next;
    if (u)
        queue_.remove(*u);
    return u;
}

Unit* Core::choose(Nanos now) {
    if (running_)
        charge(now);
    release_parked(now);
    if (running_ && keeps_running(now))
        return running_;
    Unit* next = running_ && running_->yielded ? take_front() : nullptr;
    if (running_)
        turn_away(*running_, now);
    if (!next)
        next = take_front();
    if (!next)
        return nullptr;
    queue_.refill_for(*next);
    slice_start_ = now;
    slice_ = next->boost > 0 ? boost_length : slice_length;
    next->charged_at = now;
    next->on_cpu.store(true);
    running_ = next;
    enter(*next, State::running, now);
    return next;
}

Nanos Core::deadline() const {
    Nanos end = queue_.next_window_end();
    if (!running_)
        return end;
    if (queue_.front())
        end = std::min(end, slice_start_ + slice_);
    if (running_->cap != 0)
        end = std::min(end, running_->charged_at + allowance(*running_) - running_->window_used);
    return end;
}

bool Core::admit(Unit& u, Nanos now, bool waking) {
    if (running_) {
        charge(now);
        // Whoever had the CPU to itself took from nobody and owes nothing.
        if (!queue_.front())
            queue_.refill_for(*running_);
    }
    s64 const credit = std::min<s64>(queue_.credit(u), RunQueue::credit_limit);
    queue_.set_credit(u, credit);
    u.boost = waking && credit > 0 ? boost_length : 0;
    enter(u, State::runnable, now);
    queue_.insert(u);
    bool const first_to_wait = queue_.length() == 1;  // the slice of the running one begins to count
    return !running_ || first_to_wait || (u.boost > 0 && running_->boost == 0);
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

Unit* Core::movable_to(CpuId to) const {
    for (Unit* u = queue_.front(); u; u = u->next)
        if (may_use(*u, to) && !u->on_cpu.load())
            return u;
    return nullptr;
}

s64 Core::leave(Unit& u) {
    s64 const credit = queue_.credit(u);
    if (u.queued)
        queue_.remove(u);
    else if (u.parked)
        queue_.unpark(u);
    return credit;
}

void Core::join(Unit& u, s64 credit) {
    u.cpu.store(id_);
    queue_.set_credit(u, credit);
}

}  // namespace sched

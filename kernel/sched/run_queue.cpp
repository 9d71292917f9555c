// SPDX-License-Identifier: MIT
#include "kernel/sched/run_queue.hpp"

#include <algorithm>

#include "kernel/machine/cpu.hpp"
#include "kernel/sync/assert.hpp"

namespace sched {
namespace {

bool goes_before(Unit const& a, Unit const& b) {
    bool const boosted_a = a.boost > 0, boosted_b = b.boost > 0;
    if (boosted_a != boosted_b)
        return boosted_a;
    return !boosted_a && a.spent < b.spent;
}

}  // namespace

void RunQueue::insert(Unit& u) {
    ASSERT(!u.queued);
    Unit* before = tail_;
    while (before && goes_before(u, *before))
        before = before->prev;
    u.prev = before;
    u.next = before ? before->next : head_;
    (u.prev ? u.prev->next : head_) = &u;
    (u.next ? u.next->prev : tail_) = &u;
    u.queued = true;
    ++length_;
}

void RunQueue::remove(Unit& u) {
    ASSERT(u.queued);
    (u.prev ? u.prev->next : head_) = u.next;
    (u.next ? u.next->prev : tail_) = u.prev;
    u.next = u.prev = nullptr;
    u.queued = false;
    --length_;
}

void RunQueue::refill_for(Unit const& u) {
    if (s64 const c = credit(u); c <= 0)
        granted_ += credit_limit - c;
}

void RunQueue::park(Unit& u) {
    u.parked = true;
    u.next = parked_;
    parked_ = &u;
}

bool RunQueue::unpark(Unit& u) {
    for (Unit** at = &parked_; *at; at = &(*at)->next) {
        if (*at != &u)
            continue;
        *at = u.next;
        u.next = nullptr;
        u.parked = false;
        return true;
    }
    return false;
}

Unit* RunQueue::next_due(Nanos now) {
    for (Unit* u = parked_; u; u = u->next)
        if (u->window + cap_window <= now)
            return u;
    return nullptr;
}

Nanos RunQueue::next_window_end() const {
    Nanos first = machine::timer_off;
    for (Unit const* u = parked_; u; u = u->next)
        first = std::min(first, u->window + cap_window);
    return first;
}

}  // namespace sched

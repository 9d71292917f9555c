// SPDX-License-Identifier: MIT
#include "kernel/sched/run_queue.hpp"

#include <algorithm>

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
    if (length_++ == 0)
        cpus::waiting.set(cpu_, true);
}

void RunQueue::remove(Unit& u) {
    ASSERT(u.queued);
    (u.prev ? u.prev->next : head_) = u.next;
    (u.next ? u.next->prev : tail_) = u.prev;
    u.next = u.prev = nullptr;
    u.queued = false;
    if (--length_ == 0)
        cpus::waiting.set(cpu_, false);
}

// A boosted one, which goes first anyway, may have been charged since it woke up: others are not broke.
void RunQueue::refill_for(Unit const& u) {
    if (s64 const c = credit(u); c <= 0 && u.boost == 0)
        granted_ += credit_limit - c;
}

void RunQueue::park(Unit& u, Nanos until) {
    u.parked = true;
    u.next = parked_;
    parked_ = &u;
    parked_until_ = std::min(parked_until_, until);
}

void RunQueue::unpark(Unit& u) {
    for (Unit** at = &parked_; *at; at = &(*at)->next) {
        if (*at != &u)
            continue;
        *at = u.next;
        u.next = nullptr;
        u.parked = false;
        break;
    }
    if (!parked_)
        parked_until_ = machine::timer_off;
}

Unit* RunQueue::next_due(Nanos now) {
    Unit* const u = parked_until_ <= now ? parked_ : nullptr;
    if (u)
        unpark(*u);
    return u;
}

}  // namespace sched

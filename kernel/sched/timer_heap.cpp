// SPDX-License-Identifier: MIT
#include "kernel/sched/timer_heap.hpp"

#include <utility>

namespace {

// Makes one heap of two; either may be null.
Timer* merge(Timer* a, Timer* b) {
    if (!a || !b)
        return a ? a : b;
    if (b->deadline < a->deadline)
        std::swap(a, b);
    b->prev = a;
    b->next = a->child;
    if (b->next)
        b->next->prev = b;
    a->child = b;
    return a;
}

Timer* detach_next(Timer*& list) {
    Timer* const t = list;
    if (t) {
        list = t->next;
        t->next = t->prev = nullptr;
    }
    return t;
}

// Merges siblings in pairs from the left, then the pairs from the right: this
// order is what keeps removal cheap on average.
Timer* merge_siblings(Timer* list) {
    Timer* pairs = nullptr;
    while (list) {
        Timer* const a = detach_next(list);
        Timer* const pair = merge(a, detach_next(list));
        pair->next = pairs;
        pairs = pair;
    }
    Timer* all = nullptr;
    while (pairs) {
        Timer* const pair = detach_next(pairs);
        all = merge(all, pair);
    }
    return all;
}

}  // namespace

void TimerHeap::insert(Timer& t) {
    t.child = t.next = t.prev = nullptr;
    top_ = merge(top_, &t);
}

void TimerHeap::remove(Timer& t) {
    Timer* const below = merge_siblings(std::exchange(t.child, nullptr));
    if (&t == top_) {
        top_ = below;
        return;
    }
    (t.prev->child == &t ? t.prev->child : t.prev->next) = t.next;
    if (t.next)
        t.next->prev = t.prev;
    t.next = t.prev = nullptr;
    top_ = merge(top_, below);
}

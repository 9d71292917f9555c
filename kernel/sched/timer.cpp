// SPDX-License-Identifier: MIT
#include "kernel/sched/timer.hpp"

#include <algorithm>
#include <array>

#include "kernel/machine/cpu.hpp"
#include "kernel/sched/timer_heap.hpp"
#include "kernel/sync/lock.hpp"

namespace timers {
namespace {

struct Queue {
    TimerHeap heap;
    Nanos slice_end = machine::timer_off;
    Nanos programmed = machine::timer_off;
};

constinit std::array<Locked<Queue, Rank::runqueue>, machine::max_cpus> queues{};
// Whose function each CPU is in; set under that CPU's queue lock.
constinit std::array<std::atomic<Timer*>, machine::max_cpus> running{};

// A timer that fires before it must costs an interrupt now and then; to set it
// anew whenever a deadline moves away, as most do before they come, costs more.
void no_later_than(Queue& q, Nanos deadline) {
    if (deadline >= q.programmed)
        return;
    q.programmed = deadline;
    machine::set_timer(deadline);
}

void program(Queue& q) {
    Nanos const timer = q.heap.top() ? q.heap.top()->deadline : machine::timer_off;
    no_later_than(q, std::min(timer, q.slice_end));
}

// Takes the timer out of whatever queue it is in.
void dequeue(Timer& t) {
    for (u32 in = t.queue.load(); in != 0; in = t.queue.load()) {
        auto q = queues[in - 1].lock();
        if (t.queue.load() != in)
            continue;
        q->heap.remove(t);
        t.queue.store(0);
        return;
    }
}

bool runs_elsewhere(Timer const& t) {
    u32 const me = machine::this_cpu().raw();
    for (u32 c = 0; c < machine::online_cpus(); ++c)
        if (c != me && running[c].load() == &t)
            return true;
    return false;
}

// The one-shot timer is idle again. Says whether the slice end was due.
bool hardware_fired(u32 cpu, Nanos now) {
    auto q = queues[cpu].lock();
    q->programmed = machine::timer_off;
    bool const slice_over = q->slice_end <= now;
    if (slice_over)
        q->slice_end = machine::timer_off;
    return slice_over;
}

// The next timer due by `now`, taken out of the queue; null when none is left,
// then the hardware is programmed for what comes later.
Timer* take_due(u32 cpu, Nanos now) {
    auto q = queues[cpu].lock();
    Timer* const t = q->heap.top();
    if (!t || t->deadline > now) {
        running[cpu].store(nullptr);
        program(*q);
        return nullptr;
    }
    q->heap.remove(*t);
    t->queue.store(0);
    running[cpu].store(t);
    return t;
}

}  // namespace

void arm(Timer& t, Nanos deadline) {
    u32 const me = machine::this_cpu().raw();
    for (;;) {
        dequeue(t);
        auto q = queues[me].lock();
        u32 nowhere = 0;
        if (!t.queue.compare_exchange_strong(nowhere, me + 1))
            continue;  // another CPU armed it meanwhile; the last one to arm wins
        t.deadline = deadline;
        q->heap.insert(t);
        program(*q);
        return;
    }
}

void cancel(Timer& t) {
    dequeue(t);
    while (runs_elsewhere(t)) {
        machine::relax();
        dequeue(t);
    }
    dequeue(t);  // its function may have armed it again, last thing it did
    // Another CPU whose next deadline this was wakes up once for nothing.
    program(*queues[machine::this_cpu().raw()].lock());
}

bool armed(Timer const& t) {
    return t.queue.load() != 0;
}

bool run_expired() {
    u32 const me = machine::this_cpu().raw();
    // Timers armed by the functions that run below wait for the next round
    // even if they are due at once.
    Nanos const now = machine::now();
    bool const slice_over = hardware_fired(me, now);
    while (Timer* const t = take_due(me, now))
        t->fn(*t, t->context);
    return slice_over;
}

void set_slice_end(Nanos deadline) {
    auto q = queues[machine::this_cpu().raw()].lock();
    q->slice_end = deadline;
    no_later_than(*q, deadline);  // timers have seen to it themselves
}

}  // namespace timers

// SPDX-License-Identifier: MIT
// The scheduler's face: finds the CPU that a vcpu belongs to, takes its lock,
// lets Core decide, and tells that CPU when it should look again.
#include "kernel/sched/sched.hpp"

#include <algorithm>
#include <array>

#include "kernel/sched/core.hpp"
#include "kernel/sched/hooks.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/lock.hpp"
#include "kernel/sync/standstill.hpp"

namespace sched {
namespace {

using LockedCore = Locked<Core, Rank::runqueue>;

constinit std::array<LockedCore, machine::max_cpus> cores{};
constinit std::array<std::atomic<bool>, machine::max_cpus> due{};
constinit std::atomic<u64> idle_cpus{0};

constexpr u64 bit(CpuId cpu) {
    return u64{1} << cpu.raw();
}

LockedCore::Guard lock_core_of(Unit& u) {
    for (;;) {
        CpuId const cpu = u.cpu.load();
        auto core = cores[cpu.raw()].lock();
        if (u.cpu.load() == cpu)
            return core;
    }
}

void request(CpuId cpu) {
    due[cpu.raw()].store(true);
    machine::kick(cpu);
}

// Where a unit should wait: it stays unless that is forbidden, or its CPU is
// busy while another one has nothing to do.
CpuId best_cpu(Unit const& u) {
    CpuId const here = u.cpu.load();
    u64 const allowed = u.affinity & ((u64{1} << machine::online_cpus()) - 1);
    u64 const idle = allowed & idle_cpus.load();
    bool const stays = u.on_cpu.load() || allowed == 0 || (idle & bit(here)) != 0;
    if (stays || (idle == 0 && (allowed & bit(here)) != 0))
        return here;
    return CpuId{static_cast<u32>(__builtin_ctzll(idle != 0 ? idle : allowed))};
}

template <class F>
auto with_two(CpuId a, CpuId b, F&& f) {
    return with_both(cores[a.raw()], a.raw(), cores[b.raw()], b.raw(), f);
}

// Moves a unit that does not run to `to`, without queueing it there.
void move(Unit& u, CpuId to) {
    for (bool settled = false; !settled;) {
        CpuId const from = u.cpu.load();
        if (from == to)
            return;
        settled = with_two(from, to, [&](Core& a, Core& b) {
            if (u.cpu.load() != from)
                return false;
            if (a.running() != &u && !u.on_cpu.load())
                b.join(u, a.leave(u));
            return true;
        });
    }
}

// Queues a unit that has become able to run, where it is best off.
void place(Unit& u, bool waking) {
    move(u, best_cpu(u));
    auto core = lock_core_of(u);
    if (u.queued || core->running() == &u)
        return;
    if (!can_run(u))
        enter(u, resting_state(u), machine::now());
    else if (core->admit(u, machine::now(), waking))
        request(core->id());
}

// For a CPU that found nothing to do: takes over a unit that waits elsewhere.
bool steal(CpuId me) {
    for (u32 c = 0; c < machine::online_cpus(); ++c) {
        bool const found = c != me.raw() && with_two(CpuId{c}, me, [&](Core& other, Core& mine) {
                               Unit* const u = other.movable_to(me);
                               if (!u)
                                   return false;
                               mine.join(*u, other.leave(*u));
                               mine.admit(*u, machine::now(), false);
                               return true;
                           });
        if (found)
            return true;
    }
    return false;
}

struct Choice {
    Vcpu* before = nullptr;
    Vcpu* after = nullptr;
    Nanos deadline = machine::timer_off;
};

Choice choose(CpuId me) {
    auto core = cores[me.raw()].lock();
    Choice c;
    c.before = core->running() ? core->running()->vcpu : nullptr;
    Unit* const next = core->choose(machine::now());
    c.after = next ? next->vcpu : nullptr;
    c.deadline = core->deadline();
    return c;
}

void note_idle(CpuId me, bool idle) {
    if (idle)
        idle_cpus.fetch_or(bit(me));
    else if ((idle_cpus.load(std::memory_order_relaxed) & bit(me)) != 0)
        idle_cpus.fetch_and(~bit(me));
}

}  // namespace

void init_cpu(CpuId cpu) {
    cores[cpu.raw()].lock()->init(cpu);
    note_idle(cpu, true);
    due[cpu.raw()].store(true);
}

bool resched_due() {
    return due[machine::this_cpu().raw()].load(std::memory_order_relaxed);
}

void set_resched_due() {
    request(machine::this_cpu());
}

Vcpu* pick() {
    CpuId const me = machine::this_cpu();
    due[me.raw()].store(false);
    Choice c = choose(me);
    if (!c.after && machine::online_cpus() > 1 && steal(me)) {
        Vcpu* const before = c.before;
        c = choose(me);
        c.before = before;
    }
    note_idle(me, c.after == nullptr);
    timers::set_slice_end(c.deadline);
    if (c.before != c.after) {
        if (c.before)
            hooks::left_cpu(*c.before);
        if (c.after)
            hooks::entered_cpu(*c.after);
    }
    return c.after;
}

void context_saved(Vcpu& v) {
    Unit& u = hooks::unit_of(v);
    u.on_cpu.store(false);
    if ((u.affinity & bit(u.cpu)) == 0)
        place(u, false);
}

void timer_interrupt() {
    if (timers::run_expired())
        set_resched_due();
}

void add(Vcpu& v) {
    Unit& u = hooks::unit_of(v);
    u.vcpu = &v;
    u.state_entry = machine::now();
    u.cpu.store(best_cpu(u));
}

void remove(Vcpu& v) {
    wait_until_off_cpu(v);
    Unit& u = hooks::unit_of(v);
    lock_core_of(u)->leave(u);
}

// Sequentially consistent on both sides: the sleeper stores `blocked`, then
// loads its condition; the waker stores the condition, then loads `blocked`.
void block(Vcpu& v) {
    hooks::unit_of(v).blocked.store(true);
    set_resched_due();
}

void wake(Vcpu& v) {
    Unit& u = hooks::unit_of(v);
    if (!u.blocked.load() || !u.blocked.exchange(false))
        return;
    place(u, true);
}

void yield(Vcpu& v) {
    hooks::unit_of(v).yielded = true;
    set_resched_due();
}

void bring_up(Vcpu& v) {
    hooks::unit_of(v).up.store(true);
    refresh(v);
}

void take_down(Vcpu& v) {
    hooks::unit_of(v).up.store(false);
    refresh(v);
}

void refresh(Vcpu& v) {
    Unit& u = hooks::unit_of(v);
    {
        auto core = lock_core_of(u);
        if (!can_run(u)) {
            if (core->withdraw(u, machine::now()))
                request(core->id());
            return;
        }
    }
    place(u, false);
}

void wait_until_off_cpu(Vcpu& v) {
    ASSERT(&v != machine::current());
    while (hooks::unit_of(v).on_cpu.load()) {
        Standstill::stand_if_asked();  // that CPU may have stopped with `v` on it
        machine::relax();
    }
}

void set_weight(Vcpu& v, u32 weight, u32 cap) {
    Unit& u = hooks::unit_of(v);
    auto core = lock_core_of(u);
    u.weight = std::max(weight, u32{1});
    u.cap = cap;
    u.window_used = 0;
}

void set_affinity(Vcpu& v, u64 cpus) {
    Unit& u = hooks::unit_of(v);
    {
        auto core = lock_core_of(u);
        u.affinity = cpus;
        if ((cpus & bit(core->id())) != 0)
            return;
        if (core->running() == &u)
            return request(core->id());
    }
    move(u, best_cpu(u));
    place(u, false);
}

Times times(Vcpu& v) {
    Unit& u = hooks::unit_of(v);
    auto core = lock_core_of(u);
    return {u.state.load(), u.state_entry, u.time_in};
}

s64 credit(Vcpu& v) {
    Unit& u = hooks::unit_of(v);
    auto core = lock_core_of(u);
    return core->queue().credit(u);
}

void for_each_runnable(CpuId cpu, Visit f, void* context) {
    auto core = cores[cpu.raw()].lock();
    if (core->running())
        f(*core->running()->vcpu, true, context);
    for (Unit const* u = core->queue().front(); u; u = u->next)
        f(*u->vcpu, false, context);
}

}  // namespace sched

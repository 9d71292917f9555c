// SPDX-License-Identifier: MIT
#include "kernel/sched/cores.hpp"

#include <array>
#include <optional>

#include "kernel/sched/timer.hpp"

namespace sched::cores {
namespace {

constinit std::array<LockedCore, machine::max_cpus> all{};

template <class F>
auto with_two(CpuId a, CpuId b, F&& f) {
    return with_both(of(a), a.raw(), of(b), b.raw(), f);
}

bool steal_from(CpuId other, CpuId me) {
    return with_two(other, me, [](Core& from, Core& to) {
        Nanos const now = machine::now();
        Unit* const u = from.movable_to(to.id());
        if (!u || !to.wants(*u, from.queue().progress(*u), now))
            return false;
        to.join(*u, from.leave(*u));
        to.admit(*u, now, Arrival::moved);
        return true;
    });
}

}  // namespace

LockedCore& of(CpuId cpu) {
    return all[cpu.raw()];
}

LockedCore::Guard lock_of(Unit const& u) {
    for (;;) {
        CpuId const cpu = u.cpu.load();
        auto core = of(cpu).lock();
        if (u.cpu.load() == cpu)
            return core;
    }
}

// A CPU whose request is still open has not yet taken the locks under which it
// will see what is new; it has been, or is being, told.
void request(CpuId cpu) {
    if (!cpus::due[cpu.raw()].exchange(true))
        machine::kick(cpu);
}

CpuId best_for(Unit const& u) {
    CpuId const home = u.cpu.load();
    CpuMask const allowed = u.affinity.load() & cpus::known.mask();
    CpuMask const liked = allowed & u.preference.load();
    CpuMask const idle = cpus::idle.mask();
    for (CpuMask const choice : {liked & idle, allowed & idle, liked, allowed})
        if (choice != 0)
            return (choice & bit(home)) != 0 ? home : first_of(choice);
    return home;
}

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

void place(Unit& u, Arrival how) {
    if (!u.on_cpu.load())
        move(u, best_for(u));
    CpuMask elsewhere = 0;
    std::optional<Nanos> slice_end;
    {
        auto core = lock_of(u);
        if (u.queued || core->running() == &u)
            return;
        Nanos const now = machine::now();
        if (!can_run(u))
            return enter(u, resting_state(u), now);
        Notice const notice = core->admit(u, now, how);
        if (notice == Notice::slice && core->id() == machine::this_cpu())
            slice_end = core->deadline();
        else if (notice != Notice::none)
            request(core->id());
        if (core->running() || core->queue().length() > 1)
            elsewhere = u.affinity.load() & ~bit(core->id());
    }
    if (slice_end) {
        cpus::alone.set(machine::this_cpu(), false);
        timers::set_slice_end(*slice_end);
    }
    wake_idle(elsewhere);
}

void put_down(Unit& u, CpuId me) {
    CpuId const there = best_for(u);
    with_two(me, there, [&](Core& a, Core& b) {
        u.on_cpu.store(false);
        if (!u.queued)
            return;  // finds its place when it wakes up
        b.join(u, a.leave(u));
        if (b.admit(u, machine::now(), Arrival::moved) != Notice::none)
            request(there);
    });
}

void wake_idle(CpuMask among) {
    if (CpuMask const idle = among & cpus::idle.mask(); idle != 0) [[unlikely]]
        request(first_of(idle));
}

bool steal(CpuId me) {
    CpuMask const others = cpus::waiting.mask() & ~bit(me);
    // Neighbours first, so that not all CPUs take from the same one.
    CpuMask const behind = others & ~(bit(me) - 1);
    for (CpuMask rest : {behind, others & ~behind})
        for (; rest != 0; rest &= rest - 1)
            if (steal_from(first_of(rest), me))
                return true;
    return false;
}

}  // namespace sched::cores

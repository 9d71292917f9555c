// SPDX-License-Identifier: MIT
// The scheduler's face.
#include "kernel/sched/sched.hpp"

#include "kernel/sched/cores.hpp"
#include "kernel/sched/hooks.hpp"
#include "kernel/sched/timer.hpp"
#include "kernel/sync/standstill.hpp"

namespace sched {
namespace {

using hooks::unit_of;

bool others_wait(CpuId me) {
    return (cpus::waiting.mask() & ~bit(me)) != 0;
}

struct Choice {
    Vcpu* before = nullptr;
    Vcpu* after = nullptr;
    Nanos deadline = machine::timer_off;
    CpuMask crowd = 0;  // where else somebody may run whom the end of a slice left waiting
};

Choice choose(CpuId me) {
    bool const elsewhere = others_wait(me);
    auto core = cores::of(me).lock();
    Choice c;
    c.before = core->running() ? core->running()->vcpu : nullptr;
    Unit* const next = core->choose(machine::now(), elsewhere);
    c.after = next ? next->vcpu : nullptr;
    c.deadline = core->deadline();
    if (Unit const* const first = core->queue().front(); first && core->crowded())
        c.crowd = first->affinity.load();
    cpus::alone.set(me, core->alone());
    return c;
}

// This CPU has nobody to run. It says so first and then looks once more. Whoever
// comes may have used up its domain's cap; then others are looked for soon.
Choice choose_from_others(CpuId me, Choice const& nobody) {
    cpus::idle.set(me, true);
    if (!others_wait(me) || !cores::steal(me))
        return nobody;
    Choice c = choose(me);
    c.before = nobody.before;
    if (!c.after)
        cores::request(me);
    return c;
}

// Who competes here may be entitled to more than it gets, and a CPU whose vcpu
// knows no slices would not notice.
void tell_one_alone(CpuMask crowd) {
    if (CpuMask const alone = crowd & cpus::alone.mask(); alone != 0) [[unlikely]]
        cores::request(first_of(alone));
}

}  // namespace

void init_cpu(CpuId cpu) {
    cores::of(cpu).lock()->init(cpu);
    cpus::known.set(cpu, true);
    cpus::idle.set(cpu, true);
    cores::request(cpu);
}

bool resched_due() {
    return cpus::due[machine::this_cpu().raw()].load(std::memory_order_relaxed);
}

void set_resched_due() {
    cores::request(machine::this_cpu());
}

Vcpu* pick() {
    CpuId const me = machine::this_cpu();
    cpus::due[me.raw()].store(false);
    if (others_wait(me)) [[unlikely]]
        cores::steal(me);
    Choice c = choose(me);
    if (!c.after)
        c = choose_from_others(me, c);
    cpus::idle.set(me, c.after == nullptr);
    timers::set_slice_end(c.deadline);
    tell_one_alone(c.crowd);
    if (c.before != c.after) {
        if (c.before)
            hooks::left_cpu(*c.before);
        if (c.after)
            hooks::entered_cpu(*c.after);
    }
    return c.after;
}

// Once on_cpu is clear another CPU may run the unit, or even destroy it.
void context_saved(Vcpu& v) {
    CpuId const me = machine::this_cpu();
    Unit& u = unit_of(v);
    if (!u.may_use(me)) [[unlikely]]
        return cores::put_down(u, me);
    CpuMask const elsewhere = u.affinity.load() & ~bit(me);
    u.on_cpu.store(false);
    if (cpus::waiting.has(me))
        cores::wake_idle(elsewhere);
}

void timer_interrupt() {
    auto& here = cores::of(machine::this_cpu());
    here.lock()->interrupt(machine::now());
    if (timers::run_expired())
        set_resched_due();
    here.lock()->resume(machine::now());
}

// Its own CPU may be another one than this.
void pay_for_interrupt(Vcpu& v) {
    Unit& u = unit_of(v);
    Nanos const time = cores::of(machine::this_cpu()).lock()->take_unpaid(u, machine::now());
    if (time != 0)
        cores::lock_of(u)->bill(u, time);
}

void add(Vcpu& v, Share& share) {
    Unit& u = unit_of(v);
    u.vcpu = &v;
    u.share = &share;
    share.join();
    u.state_entry = machine::now();
    u.cpu.store(cores::best_for(u));
}

void remove(Vcpu& v) {
    wait_until_off_cpu(v);
    Unit& u = unit_of(v);
    cores::lock_of(u)->leave(u);
}

// Sequentially consistent on both sides: the sleeper stores `blocked`, then
// loads its condition; the waker stores the condition, then loads `blocked`.
void block(Vcpu& v) {
    unit_of(v).blocked.store(true);
    set_resched_due();
}

void wake(Vcpu& v) {
    Unit& u = unit_of(v);
    if (!u.blocked.load() || !u.blocked.exchange(false))
        return;
    cores::place(u, Arrival::woken);
}

void yield(Vcpu& v) {
    unit_of(v).yielded = true;
    set_resched_due();
}

void bring_up(Vcpu& v) {
    unit_of(v).up.store(true);
    refresh(v);
}

void take_down(Vcpu& v) {
    unit_of(v).up.store(false);
    refresh(v);
}

void refresh(Vcpu& v) {
    Unit& u = unit_of(v);
    {
        auto core = cores::lock_of(u);
        if (!can_run(u)) {
            if (core->withdraw(u, machine::now()))
                cores::request(core->id());
            return;
        }
    }
    cores::place(u, Arrival::allowed);
}

void wait_until_off_cpu(Vcpu& v) {
    ASSERT(&v != machine::current());
    while (unit_of(v).on_cpu.load()) {
        Standstill::stand_if_asked();  // that CPU may have stopped with `v` on it
        machine::relax();
    }
}

// Those that run now learn of a new cap at once, others when they are chosen.
void share_changed(Vcpu& v) {
    Unit& u = unit_of(v);
    auto core = cores::lock_of(u);
    if (core->running() == &u)
        cores::request(core->id());
}

void set_affinity(Vcpu& v, CpuMask hard, CpuMask soft) {
    Unit& u = unit_of(v);
    {
        auto core = cores::lock_of(u);
        u.affinity.store(hard);
        u.preference.store(soft);
        if (u.may_use(core->id()))
            return u.queued ? cores::wake_idle(hard) : void();
        if (core->running() == &u)
            return cores::request(core->id());  // context_saved moves it
    }
    // Nobody takes a unit away while a CPU still saves it. That CPU may have
    // asked whether it can stay before this change.
    wait_until_off_cpu(v);
    cores::place(u, Arrival::allowed);
}

Times times(Vcpu& v) {
    Unit& u = unit_of(v);
    auto core = cores::lock_of(u);
    return {u.state.load(), u.state_entry, u.time_in};
}

s64 credit(Vcpu& v) {
    Unit& u = unit_of(v);
    return cores::lock_of(u)->queue().credit(u);
}

void for_each_runnable(CpuId cpu, Visit f, void* context) {
    auto core = cores::of(cpu).lock();
    if (core->running())
        f(*core->running()->vcpu, true, context);
    for (Unit const* u = core->queue().front(); u; u = u->next)
        f(*u->vcpu, false, context);
}

}  // namespace sched

// SPDX-License-Identifier: MIT
#include "tests/host/cpu.hpp"

#include <cstdlib>

#include "kernel/sync/lock.hpp"

namespace host {

Cpu& cpu() {
    static thread_local Cpu the_cpu;
    return the_cpu;
}

void reset_cpu() {
    cpu() = Cpu{};
}

}  // namespace host

namespace machine {

CpuId this_cpu() {
    return host::cpu().id;
}
unsigned online_cpus() {
    return host::cpu().online;
}
Vcpu* current() {
    return host::cpu().current;
}

// Without others, whoever waits in a loop waits for ever.
void relax() {
    if (!host::cpu().others)
        panic("waits for itself");
    host::cpu().others();
}

void kick(CpuId cpu) {
    host::cpu().kicks.push_back(cpu);
}

Nanos now() {
    return host::cpu().now += host::cpu().look_at_clock;
}
u64 cycles() {
    return static_cast<u64>(now());
}
u64 idle_cycles(CpuId) {
    return 0;
}
u32 tsc_khz() {
    return 1'000'000;
}
Nanos wallclock_at_boot() {
    return 0;
}
void set_timer(Nanos deadline) {
    host::cpu().timer = deadline;
}

bool preempt_pending() {
    // Interrupts would find locks held.
    ASSERT(lock_order::held() == 0);
    ++host::cpu().preemption_points;
    return host::cpu().preempt && host::cpu().preempt();
}

void run_guests() {
    std::abort();
}

}  // namespace machine

u32& lock_order::held() {
    static thread_local u32 ranks = 0;
    return ranks;
}

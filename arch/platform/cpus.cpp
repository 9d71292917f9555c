// SPDX-License-Identifier: MIT
#include "arch/platform/cpus.hpp"

#include <atomic>

#include "arch/cpu/percpu.hpp"
#include "arch/mm/tlb.hpp"
#include "arch/platform/clock.hpp"
#include "arch/platform/irq.hpp"
#include "arch/platform/local_apic.hpp"
#include "kernel/machine/cpu.hpp"

namespace arch {
namespace {

constinit std::atomic<u32> online{0};
constinit std::atomic<bool> stopping{false};
constinit std::atomic<u32> stopped{0};

}  // namespace

void join_online_cpus() {
    online.fetch_add(1);
}

void stop_other_cpus() {
    stopping.store(true);
    u32 const all = machine::online_cpus();
    u32 const others = all - (all != 0);
    for (u32 i = 0; i < all; ++i)
        if (CpuId{i} != machine::this_cpu())
            local_apic::send_nmi(cpu_local(CpuId{i}).apic_id);
    // One that is too broken to answer is not waited for.
    constexpr unsigned patience_ms = 100;
    for (unsigned ms = 0; ms < patience_ms && stopped.load() < others; ++ms)
        spin(1000);
}

bool stop_requested() {
    return stopping.load();
}

void stop_here() {
    stopped.fetch_add(1);
    for (;;)
        asm volatile("cli\n\thlt");
}

}  // namespace arch

namespace machine {

unsigned online_cpus() {
    return arch::online.load(std::memory_order_relaxed);
}

void relax() {
    asm volatile("pause");
    arch::answer_flush();
}

void kick(CpuId cpu) {
    if (cpu == this_cpu())
        __atomic_store_n(&arch::this_cpu_local().work_due, 1, __ATOMIC_RELAXED);
    else
        arch::local_apic::send(arch::cpu_local(cpu).apic_id, arch::vector::kick);
}

}  // namespace machine

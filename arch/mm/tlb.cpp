// SPDX-License-Identifier: MIT
// One request at a time for all CPUs; the asker waits until everyone has done
// it. A CPU that itself waits, for a lock or for others, answers meanwhile
// (machine::relax), so two askers cannot wait for each other. No entry is
// global, so reloading CR3 forgets everything.
#include "arch/mm/tlb.hpp"

#include <atomic>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/mm/flush_clock.hpp"
#include "arch/platform/irq.hpp"
#include "arch/platform/local_apic.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/sync/lock.hpp"

namespace arch {
namespace {

using machine::CpuMask;

struct Request {
    std::atomic<CpuMask> waiting{0};  // who has not answered yet
    bool whole = true;
    Vaddr page{};
};
constinit TicketLock asking;
constinit Request request;

// Counts flushes on all CPUs, so that a stamp taken anywhere can be compared.
constinit std::atomic<u32> clock{1};

// Once in each quarter of the clock's range everybody flushes.
constexpr unsigned quarter_shift = 30;
constinit std::atomic<u32> quarter_flushed{0};

bool quarter_is_new() {
    u32 const quarter = clock.load() >> quarter_shift;
    return quarter_flushed.exchange(quarter) != quarter;
}

CpuMask bit(CpuId cpu) {
    return CpuMask{1} << cpu.raw();
}

void flush_here() {
    u32 const number = clock.fetch_add(1) + 1;
    write_cr3(read_cr3());
    __atomic_store_n(&this_cpu_local().tlb_clock, number, __ATOMIC_RELEASE);
}

void flush_page_here(Vaddr va) {
    asm volatile("invlpg (%0)" ::"r"(va.raw()) : "memory");
}

bool has_guest_translations(CpuLocal const& cpu) {
    return __atomic_load_n(&cpu.guest_translations, __ATOMIC_ACQUIRE);
}

void ask_others(CpuMask cpus, bool whole, Vaddr page) {
    CpuMask others = cpus & ~bit(machine::this_cpu());
    for (u32 i = 0; i < machine::online_cpus(); ++i)
        if (!has_guest_translations(cpu_local(CpuId{i})))
            others &= ~bit(CpuId{i});
    if (others == 0)
        return;
    asking.acquire();
    request.whole = whole;
    request.page = page;
    request.waiting.store(others, std::memory_order_release);
    for (u32 i = 0; i < machine::online_cpus(); ++i)
        if ((others & bit(CpuId{i})) != 0)
            local_apic::send(cpu_local(CpuId{i}).apic_id, vector::flush);
    while (request.waiting.load(std::memory_order_acquire) != 0)
        asm volatile("pause");
    asking.release();
}

}  // namespace

// Loading a root forgets everything, as a flush does. Without counting the clock
// up, it covers what was stamped before the clock came to where it stands.
void enter_guest_root(u64 cr3) {
    CpuLocal& local = this_cpu_local();
    __atomic_store_n(&local.guest_translations, true, __ATOMIC_SEQ_CST);
    u32 const number = clock.load();
    write_cr3(cr3);
    __atomic_store_n(&local.tlb_clock, number, __ATOMIC_RELEASE);
}

void enter_own_root(u64 cr3) {
    write_cr3(cr3);
    __atomic_store_n(&this_cpu_local().guest_translations, false, __ATOMIC_RELEASE);
}

void answer_flush() {
    CpuMask const me = bit(machine::this_cpu());
    if ((request.waiting.load(std::memory_order_acquire) & me) == 0)
        return;
    if (request.whole)
        flush_here();
    else
        flush_page_here(request.page);
    request.waiting.fetch_and(~me, std::memory_order_release);
}

}  // namespace arch

namespace machine {

void flush_tlb(CpuMask cpus) {
    if (arch::quarter_is_new())
        cpus = ~CpuMask{0};
    if ((cpus & arch::bit(this_cpu())) != 0)
        arch::flush_here();
    arch::ask_others(cpus, true, {});
}

void flush_tlb_page(CpuMask cpus, Vaddr va) {
    if ((cpus & arch::bit(this_cpu())) != 0)
        arch::flush_page_here(va);
    arch::ask_others(cpus, false, va);
}

u32 tlb_clock() {
    return arch::clock.load();
}

CpuMask tlb_stale(u32 stamp) {
    CpuMask stale = 0;
    for (u32 i = 0; i < online_cpus(); ++i) {
        arch::CpuLocal const& local = arch::cpu_local(CpuId{i});
        if (arch::has_guest_translations(local) &&
            !arch::flushed_since(__atomic_load_n(&local.tlb_clock, __ATOMIC_ACQUIRE), stamp))
            stale |= arch::bit(CpuId{i});
    }
    return stale;
}

}  // namespace machine

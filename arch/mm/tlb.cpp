// SPDX-License-Identifier: MIT
// Whoever wants a CPU to flush leaves a request in its mailbox, interrupts it
// and waits for the answer; requests of several askers merge. A CPU that itself
// waits, for a lock or for others, answers meanwhile (machine::relax), so two
// askers cannot wait for each other. No entry is global, so reloading CR3
// forgets everything.
#include "arch/mm/tlb.hpp"

#include <array>
#include <atomic>
#include <bit>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/mm/flush_clock.hpp"
#include "arch/mm/flush_mailbox.hpp"
#include "arch/mm/isolation.hpp"
#include "arch/platform/irq.hpp"
#include "arch/platform/local_apic.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/machine/memory.hpp"

namespace arch {
namespace {

using machine::CpuMask;

constinit std::array<FlushMailbox, machine::max_cpus> mailboxes{};

// Once in each quarter of the clock's range everybody flushes.
constexpr unsigned quarter_shift = 30;
constinit std::atomic<u32> quarter_flushed{0};

// Counts flushes on all CPUs, so that a stamp taken anywhere can be compared. It
// starts shortly before a quarter's end: what would come after hours comes on
// each machine soon, and in each test.
constexpr u32 flushes_to_first_quarter = 64;
constinit std::atomic<u32> clock{(u32{1} << quarter_shift) - flushes_to_first_quarter};

bool quarter_is_new() {
    u32 const quarter = clock.load() >> quarter_shift;
    return quarter_flushed.load(std::memory_order_relaxed) != quarter &&
           quarter_flushed.exchange(quarter) != quarter;
}

CpuMask bit(CpuId cpu) {
    return CpuMask{1} << cpu.raw();
}

void flush_here() {
    u32 const number = clock.fetch_add(1) + 1;
    write_cr3(read_cr3());
    __atomic_store_n(&this_cpu_local().tlb_clock, number, __ATOMIC_RELEASE);
}

bool has_guest_translations(CpuLocal const& cpu) {
    return __atomic_load_n(&cpu.guest_translations, __ATOMIC_ACQUIRE);
}

// Of those in `cpus` that there are.
void ask_others(CpuMask cpus, u64 what) {
    cpus &= ~bit(machine::this_cpu());
    if (cpus == 0)
        return;
    CpuMask others = 0;
    for (u32 i = 0; i < machine::online_cpus(); ++i)
        if ((cpus & bit(CpuId{i})) != 0 && has_guest_translations(cpu_local(CpuId{i})))
            others |= bit(CpuId{i});
    std::array<u32, machine::max_cpus> numbers;
    for (CpuMask rest = others; rest != 0; rest &= rest - 1) {
        auto const i = static_cast<u32>(std::countr_zero(rest));
        numbers[i] = mailboxes[i].leave(what);
        local_apic::send(cpu_local(CpuId{i}).apic_id, vector::flush);
    }
    for (CpuMask rest = others; rest != 0; rest &= rest - 1) {
        auto const i = static_cast<u32>(std::countr_zero(rest));
        while (!mailboxes[i].is_answered(numbers[i]))
            machine::relax();
    }
}

}  // namespace

// Loading a root forgets everything, as a flush does. Without counting the clock
// up, it covers what was stamped before the clock came to where it stands.
void enter_guest_root(Maddr root, Maddr view) {
    CpuLocal& local = this_cpu_local();
    __atomic_store_n(&local.guest_translations, true, __ATOMIC_SEQ_CST);
    u32 const number = clock.load();
    load_roots(root, view);
    __atomic_store_n(&local.tlb_clock, number, __ATOMIC_RELEASE);
}

void enter_own_root(Maddr root) {
    load_roots(root, root);
    __atomic_store_n(&this_cpu_local().guest_translations, false, __ATOMIC_RELEASE);
}

void answer_flush() {
    mailboxes[machine::this_cpu().raw()].answer([](u64 what) {
        if (what == FlushMailbox::everything)
            flush_here();
        else
            invalidate_page(Vaddr{what});
    });
}

}  // namespace arch

namespace machine {

void flush_tlb(CpuMask cpus) {
    if (arch::quarter_is_new())
        cpus = ~CpuMask{0};
    trace::note_here(trace::Kind::flush, cpus);
    if ((cpus & arch::bit(this_cpu())) != 0)
        arch::flush_here();
    arch::ask_others(cpus, arch::FlushMailbox::everything);
}

void flush_tlb_page(CpuMask cpus, Vaddr va) {
    if ((cpus & arch::bit(this_cpu())) != 0)
        arch::invalidate_page(va);
    u64 const page = round_down(va.raw(), page_size);
    arch::ask_others(cpus, page == arch::FlushMailbox::nothing ? arch::FlushMailbox::everything : page);
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

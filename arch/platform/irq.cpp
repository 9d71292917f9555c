// SPDX-License-Identifier: MIT
#include "arch/platform/irq.hpp"

#include <array>

#include "arch/cpu/io.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/mm/tlb.hpp"
#include "arch/platform/cpus.hpp"
#include "arch/platform/local_apic.hpp"
#include "arch/platform/panic.hpp"
#include "arch/platform/pirq.hpp"
#include "arch/platform/sampler.hpp"
#include "arch/platform/serial_console.hpp"
#include "kernel/base/log.hpp"
#include "kernel/domain/events.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/profile/profile.hpp"
#include "kernel/profile/stretches.hpp"
#include "kernel/sched/sched.hpp"

namespace arch {
namespace {

// Each CPU counts for itself, by vector; one more for those of nobody.
constexpr usize kinds = 257;
constexpr usize unknown = 256;
struct alignas(64) Counts {
    std::array<std::atomic<u64>, kinds> of{};
};
constinit std::array<Counts, machine::max_cpus> counts{};

u64 count(usize kind) {
    auto& n = counts[machine::this_cpu().raw()].of[kind];
    u64 const before = n.load(std::memory_order_relaxed);
    n.store(before + 1, std::memory_order_relaxed);
    return before;
}

// Nobody's: counted, and said for the first few. Its source is either gone (a
// message that was on its way when its pirq was unmapped) or masked.
void count_unknown(u8 v) {
    constexpr u64 said = 8;
    if (count(unknown) < said)
        log("interrupt with vector {:#x} belongs to nobody", v);
}

void handle_device(u8 v) {
    machine::Pirq pirq;
    bool const known = take_device_interrupt(v, pirq);
    local_apic::end_of_interrupt();
    if (known)
        evtchn::raise_pirq(pirq.raw());
    else
        count_unknown(v);
}

void handle_error() {
    u32 const errors = local_apic::take_errors();
    local_apic::end_of_interrupt();
    log("local APIC error {:#x} on cpu {}", errors, machine::this_cpu());
}

}  // namespace

void handle_irq(u8 v) {
    count(v);
    trace::note_here(trace::Kind::interrupt, v);
    switch (v) {
        case vector::timer:
            local_apic::end_of_interrupt();
            return sched::timer_interrupt();
        case vector::kick:
            local_apic::end_of_interrupt();
            __atomic_store_n(&this_cpu_local().work_due, 1, __ATOMIC_RELAXED);
            return;
        case vector::flush:
            local_apic::end_of_interrupt();
            return answer_flush();
        case vector::serial:
            local_apic::end_of_interrupt();
            return serial_interrupt();
        case vector::apic_error:
            return handle_error();
        case vector::spurious:
            return;  // delivered without being in service: no end-of-interrupt (SDM 11.9)
        default:
            return handle_device(v);
    }
}

void handle_nmi(Frame& f) {
    if (stop_requested())
        stop_here();
    // Port 0x61 says whether memory (SERR) or a card (IOCHK) reports an error.
    constexpr u16 system_control = 0x61;
    constexpr u8 parity_or_channel = 0xc0;
    u8 const reason = in8(system_control);
    if ((reason & parity_or_channel) != 0)
        panic_frame(f, "hardware reports an error by NMI");
    count(vector::nmi);
    if (profile::running())
        take_sample(f);
}

}  // namespace arch

namespace machine {

using namespace arch;

u64 interrupts(CpuId cpu, u8 vector) {
    return counts[cpu.raw()].of[vector].load(std::memory_order_relaxed);
}

u64 unknown_interrupts(CpuId cpu) {
    return counts[cpu.raw()].of[unknown].load(std::memory_order_relaxed);
}

std::span<OwnInterrupt const> own_interrupts() {
    static constexpr std::array all{
        OwnInterrupt{vector::nmi, "nmi"},          OwnInterrupt{vector::timer, "timer"},
        OwnInterrupt{vector::kick, "kick"},        OwnInterrupt{vector::flush, "flush"},
        OwnInterrupt{vector::serial, "serial"},    OwnInterrupt{vector::apic_error, "apic_error"},
        OwnInterrupt{vector::spurious, "spurious"}};
    return all;
}

bool preempt_pending() {
    bool const measuring = stretches::measuring.load(std::memory_order_relaxed);
    auto const asked_at = reinterpret_cast<u64>(__builtin_return_address(0));
    if (measuring) [[unlikely]]
        stretches::end_at_look(asked_at);
    // STI takes effect behind the instruction that follows it.
    asm volatile("sti\n\tnop\n\tcli" ::: "memory");
    if (measuring) [[unlikely]]
        stretches::begin_at_look(asked_at);
    return __atomic_load_n(&this_cpu_local().work_due, __ATOMIC_RELAXED) != 0 || sched::resched_due();
}

}  // namespace machine

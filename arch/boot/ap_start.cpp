// SPDX-License-Identifier: MIT
#include "arch/boot/ap_start.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>

#include "arch/boot/ap_tables.hpp"
#include "arch/boot/memory_map.hpp"
#include "arch/cpu/barriers.hpp"
#include "arch/cpu/frame.hpp"
#include "arch/cpu/init.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/mm/init.hpp"
#include "arch/platform/clock.hpp"
#include "arch/platform/cpus.hpp"
#include "arch/platform/local_apic.hpp"
#include "arch/platform/tsc_sync.hpp"
#include "kernel/base/log.hpp"
#include "kernel/machine/console.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/sched/sched.hpp"

extern "C" {
extern std::byte const ap_trampoline[], ap_trampoline_end[];
// The main stack of the CPU being started; 0 once a processor has taken it.
std::atomic<std::byte*> ap_stack{nullptr};
}

namespace boot {
namespace {

constinit u32 starting_apic_id = 0;

// Where a processor in real mode can begin: RAM that nobody else uses, because
// the hypervisor leaves the first megabyte alone.
std::optional<Maddr> low_page(BootInfo const& info) {
    constexpr u64 low_memory = 0xa0000;
    auto const in_module = [&](Maddr page) {
        return std::ranges::any_of(info.modules, [&](BootModule const& m) {
            return m.start < page + page_size && page < m.start + m.size;
        });
    };
    for (MemoryRange const& r : info.memory)
        for (Maddr at = r.start; r.type == memory_ram && at + page_size <= r.start + r.size; at += page_size)
            if (at.raw() != 0 && at.raw() < low_memory && !in_module(at))
                return at;
    return {};
}

std::byte* main_stack(CpuId cpu) {
    // As start.S does it for CPU 0: below the guest's frame, aligned.
    return arch::cpu_blocks + (cpu.raw() + 1) * arch::cpu_block_size - sizeof(arch::Frame) - sizeof(u64);
}

// Whether the processor has taken its stack within this time.
bool taken_within(u64 micros) {
    constexpr u64 step = 10;
    for (u64 waited = 0; waited < micros && ap_stack.load(); waited += step)
        arch::spin(step);
    return ap_stack.load() == nullptr;
}

// The second interrupt is for processors that overlooked the first one.
bool begins(u32 apic_id, Maddr code) {
    constexpr u64 soon = 1000, at_last = 1'000'000;
    arch::local_apic::send_startup(apic_id, code);
    if (taken_within(soon))
        return true;
    arch::local_apic::send_startup(apic_id, code);
    return taken_within(at_last) || !ap_stack.exchange(nullptr);
}

void start(u32 apic_id, Maddr code) {
    CpuId const cpu{machine::online_cpus()};
    starting_apic_id = apic_id;
    ap_stack.store(main_stack(cpu));
    if (!begins(apic_id, code)) {
        log("processor with APIC id {} does not start", apic_id);
    } else if (!arch::sync_tsc_with_new_cpu()) {
        log("processor with APIC id {} is left out: its time-stamp counter goes its own way", apic_id);
        arch::local_apic::send_init(apic_id);  // off the stack that the next one gets
    } else {
        while (machine::online_cpus() <= cpu.raw())
            machine::relax();
    }
}

}  // namespace

void start_other_cpus(std::span<u32 const> apic_ids, BootInfo const& info) {
    u32 const own = arch::this_cpu_local().apic_id;
    auto const code = low_page(info);
    if (apic_ids.size() <= 1)
        return;
    if (!code)
        return log("no memory below 640 KiB: other processors cannot be started");
    map_start_code();
    std::memcpy(machine::frame_ptr(mfn_of(*code)), ap_trampoline,
                static_cast<usize>(ap_trampoline_end - ap_trampoline));
    for (u32 const id : apic_ids)
        if (id != own)
            arch::local_apic::send_init(id);
    constexpr u64 reset_micros = 10000;
    arch::spin(reset_micros);
    for (u32 const id : apic_ids)
        if (id != own && machine::online_cpus() < machine::max_cpus)
            start(id, *code);
    unmap_start_code();
}

}  // namespace boot

// On the new CPU's main stack, under the tables of map_start_code().
extern "C" [[noreturn]] void ap_main() {
    CpuId const cpu{machine::online_cpus()};
    arch::init_traps(cpu, boot::starting_apic_id);
    arch::load_paging();
    arch::init_cpu(cpu);
    arch::set_up_barriers();
    arch::local_apic::init_cpu();
    arch::init_cpu_timer();
    if (!arch::sync_tsc_of_new_cpu())
        arch::stop_here();
    sched::init_cpu(cpu);
    arch::join_online_cpus();
    machine::run_guests();
}

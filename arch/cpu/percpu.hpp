// SPDX-License-Identifier: MIT
// One block of memory per physical CPU: its variables, its interrupt stacks and
// its main stack, in that order, with an unmapped page below each stack.
// Every stack lies in its CPU's block, so the stack pointer alone tells which
// CPU this is, on every entry path (EX-2).
//
//   +0x0000 CpuLocal       +0x2000 NMI   +0x4000 #MC   +0x6000 #DF   +0x8000 #DB
//   +0xa000 main stack, growing down from GuestFrame at +0x10000
//   guard pages: 0x1000, 0x3000, 0x5000, 0x7000, 0x9000
#pragma once

#include <array>

#include "arch/cpu/speculation.hpp"
#include "kernel/base/types.hpp"
#include "kernel/machine/cpu.hpp"

struct Vcpu;

namespace arch {

inline constexpr u64 cpu_block_size = 0x10000;
inline constexpr std::array<u16, 5> guard_pages{0x1000, 0x3000, 0x5000, 0x7000, 0x9000};
inline constexpr u64 nmi_stack_top = 0x3000;
inline constexpr u64 mce_stack_top = 0x5000;
inline constexpr u64 df_stack_top = 0x7000;
inline constexpr u64 db_stack_top = 0x9000;

struct CpuLocal {
    // Look at the scheduler and at events before the next guest entry. Set by
    // interrupt handlers of this CPU and, through kick(), by others.
    u32 work_due = 1;
    // vcpu_info of `current`, or an always quiet one while idle.
    void const* current_info = nullptr;
    Vcpu* current = nullptr;  // whose state is in the registers; null: idle
    // With page-table isolation: what IRET to a guest finds, on the entry page.
    std::byte* entry_frame = nullptr;
    CpuId id{};
    u32 apic_id = 0;
    u32 lock_ranks = 0;  // lock_order::held()
    u32 tlb_clock = 1;
    bool guest_translations = false;  // see arch/mm/tlb.hpp
    u64 cr4 = 0;
    u64 idle_since = 0;  // time stamp of the halt this CPU is in; 0: it is not
    u64 idle_cycles = 0;
    LastGuest last_guest;  // whose branches this CPU has learned
    u64 fault_fixups = 0;  // faults of ours on guest addresses, all expected
    u64 retried = 0;       // the last such address that was tried once more
};

// Defined in arch/cpu/entry.S, aligned to its size, one per possible CPU.
extern "C" std::byte cpu_blocks[];

inline CpuLocal& this_cpu_local() {
    u64 sp = 0;
    asm("mov %%rsp, %0" : "=r"(sp));
    return *reinterpret_cast<CpuLocal*>(sp & ~(cpu_block_size - 1));
}
// Something to do has ended the halt, or is about to; a sampling NMI does not.
inline void end_idle(CpuLocal& local) {
    if (local.idle_since == 0)
        return;
    local.idle_cycles += machine::cycles() - local.idle_since;
    local.idle_since = 0;
}
inline CpuLocal& cpu_local(CpuId cpu) {
    return *reinterpret_cast<CpuLocal*>(cpu_blocks + cpu.raw() * cpu_block_size);
}

}  // namespace arch

// SPDX-License-Identifier: MIT
#include "arch/platform/local_apic.hpp"

#include "arch/cpu/features.hpp"
#include "arch/cpu/msr.hpp"
#include "arch/mm/paging.hpp"
#include "arch/platform/irq.hpp"
#include "kernel/machine/console.hpp"

namespace arch::local_apic {
namespace {

// Offsets in the register page; as an MSR, a sixteenth of it.
enum class Reg : u32 {
    id = 0x020,
    task_priority = 0x080,
    eoi = 0x0b0,
    logical_destination = 0x0d0,
    spurious = 0x0f0,
    error_status = 0x280,
    command_low = 0x300,
    command_high = 0x310,
    lvt_timer = 0x320,
    lvt_thermal = 0x330,
    lvt_performance = 0x340,
    lvt_lint0 = 0x350,
    lvt_lint1 = 0x360,
    lvt_error = 0x370,
    initial_count = 0x380,
    current_count = 0x390,
    divide = 0x3e0,
};

constexpr u32 lvt_masked = 1u << 16, lvt_nmi = 4u << 8, timer_deadline = 2u << 17;
constexpr u32 software_enable = 1u << 8;
constexpr u32 delivery_pending = 1u << 12, level_assert = 1u << 14;
constexpr u32 mode_nmi = 4u << 8, mode_init = 5u << 8, mode_startup = 6u << 8;
constexpr u32 divide_by_16 = 3;
constexpr u64 base_enable = 1u << 11, base_x2apic = 1u << 10;

constinit std::byte* page = nullptr;  // null in x2APIC mode

Msr msr_of(Reg r) {
    return static_cast<Msr>(static_cast<u32>(Msr::x2apic_base) + (static_cast<u32>(r) >> 4));
}

u32 read(Reg r) {
    if (!page)
        return static_cast<u32>(rdmsr(msr_of(r)));
    return *reinterpret_cast<u32 volatile*>(page + static_cast<u32>(r));
}

void write(Reg r, u32 v) {
    if (!page)
        wrmsr(msr_of(r), v);
    else
        *reinterpret_cast<u32 volatile*>(page + static_cast<u32>(r)) = v;
}

void command(u32 apic_id, u32 what) {
    if (!page) {
        // Unlike a store, WRMSR here does not wait for earlier stores to be seen (11.12.3).
        asm volatile("mfence\n\tlfence" ::: "memory");
        wrmsr(msr_of(Reg::command_low), u64{apic_id} << 32 | level_assert | what);
        return;
    }
    while ((read(Reg::command_low) & delivery_pending) != 0)
        asm volatile("pause");
    write(Reg::command_high, apic_id << 24);
    write(Reg::command_low, level_assert | what);
}

}  // namespace

void init(Maddr registers, u32 highest_id) {
    // The firmware's choice stands, as the way back leads through a disabled
    // APIC. Otherwise memory: without interrupt remapping x2APIC gains nothing
    // but the ids, and QEMU's -icount does not survive its timer's registers.
    constexpr u32 first_wide_id = 255;
    bool const firmware_chose = (rdmsr(Msr::apic_base) & base_x2apic) != 0;
    if (features.x2apic && (firmware_chose || highest_id >= first_wide_id))
        return;
    auto const mapped = map_device(registers, page_size);
    if (!mapped)
        machine::panic("cannot map the local APIC");
    page = static_cast<std::byte*>(*mapped);
}

void init_cpu() {
    wrmsr(Msr::apic_base, rdmsr(Msr::apic_base) | base_enable | (page ? 0 : base_x2apic));
    write(Reg::task_priority, 0);
    write(Reg::spurious, software_enable | vector::spurious);
    write(Reg::lvt_timer, lvt_masked);
    write(Reg::lvt_thermal, lvt_masked);
    write(Reg::lvt_performance, lvt_masked);
    write(Reg::lvt_lint0, lvt_masked);
    write(Reg::lvt_lint1, lvt_nmi);
    write(Reg::lvt_error, vector::apic_error);
    write(Reg::error_status, 0);
    end_of_interrupt();
}

u32 id() {
    return page ? read(Reg::id) >> 24 : read(Reg::id);
}

void end_of_interrupt() {
    write(Reg::eoi, 0);
}

void send(u32 apic_id, u8 vector) {
    command(apic_id, vector);
}
void send_nmi(u32 apic_id) {
    command(apic_id, mode_nmi);
}
void send_init(u32 apic_id) {
    command(apic_id, mode_init);
}
void send_startup(u32 apic_id, Maddr code) {
    command(apic_id, mode_startup | static_cast<u32>(mfn_of(code).raw()));
}

u32 take_errors() {
    write(Reg::error_status, 0);  // latches what has been collected
    return read(Reg::error_status);
}

void use_count_timer() {
    write(Reg::divide, divide_by_16);
    write(Reg::lvt_timer, vector::timer);
}

void use_deadline_timer() {
    write(Reg::lvt_timer, timer_deadline | vector::timer);
    // 11.5.4.1: by memory, the mode must be in force before a deadline is set.
    asm volatile("mfence" ::: "memory");
}

void set_count(u32 initial) {
    write(Reg::initial_count, initial);
}
u32 current_count() {
    return read(Reg::current_count);
}
void set_deadline(u64 tsc) {
    wrmsr(Msr::tsc_deadline, tsc);
}

}  // namespace arch::local_apic

// SPDX-License-Identifier: MIT
// Descriptor tables, entry points and control registers of one CPU.
#include "arch/cpu/init.hpp"

#include <new>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/descriptors.hpp"
#include "arch/cpu/entry_page.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/fpu.hpp"
#include "arch/cpu/msr.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/mm/image.hpp"
#include "arch/mm/isolation.hpp"
#include "arch/mm/paging.hpp"

namespace {
// Where a CPU comes in: the stubs of entry.S, or those of isolated_entry.S.
constexpr unsigned exceptions = 22;
using ExceptionTable = std::array<s32, exceptions + 1>;  // the last one: vector 128
extern "C" {
extern ExceptionTable const exception_table, isolated_exception_table;
extern std::byte const irq_stubs[], isolated_irq_stubs[];
extern std::byte const syscall_stubs[], isolated_syscall_stubs[];
extern std::byte const compat_syscall_stubs[], isolated_compat_syscall_stubs[];
}

alignas(page_size) std::array<std::array<u64, 512>, machine::max_cpus> reserved_pages;
// Read by the CPU while a guest's view is loaded.
[[gnu::section(".bss.entry")]] std::array<arch::TaskState, machine::max_cpus> task_states;
[[gnu::section(".bss.entry")]] alignas(page_size) std::array<arch::Gate, 256> idt;

// Flat segments: base 0, limit 4 GiB, which 64-bit mode ignores.
constexpr u64 code64_ring0 = 0x00af9b000000ffff;
constexpr u64 data_ring0 = 0x00cf93000000ffff;
constexpr u64 code32_ring3 = 0x00cffb000000ffff;
constexpr u64 data_ring3 = 0x00cff3000000ffff;
constexpr u64 code64_ring3 = 0x00affb000000ffff;

void set_reserved(CpuId cpu, u16 selector, u64 descriptor) {
    reserved_pages[cpu.raw()][(selector - arch::reserved_gdt_byte) / 8u] = descriptor;
}

void fill_reserved_page(CpuId cpu) {
    using namespace arch;
    set_reserved(cpu, sel_hv_cs, code64_ring0);
    set_reserved(cpu, sel_hv_ds, data_ring0);
    set_reserved(cpu, sel_user_cs32, code32_ring3);
    set_reserved(cpu, sel_user_ds, data_ring3);
    set_reserved(cpu, sel_user_cs, code64_ring3);
    auto const tss =
        system_descriptor(reinterpret_cast<u64>(&task_states[cpu.raw()]), sizeof(TaskState) - 1, 0x89);
    set_reserved(cpu, sel_tss, tss[0]);
    set_reserved(cpu, sel_tss + 8, tss[1]);
}

void set_stacks(arch::TaskState& t, u64 main, u64 nmi, u64 mce, u64 df, u64 db) {
    t.rsp[0] = main;
    t.ist[arch::ist_nmi - 1] = nmi;
    t.ist[arch::ist_mce - 1] = mce;
    t.ist[arch::ist_df - 1] = df;
    t.ist[arch::ist_db - 1] = db;
}

void fill_entry_page(CpuId cpu, std::byte* block) {
    arch::EntryPage& page = arch::entry_pages[cpu.raw()];
    page.own_root = page.guest_root = arch::master_l4().raw();
    page.block_end = block + arch::cpu_block_size;
    arch::cpu_local(cpu).entry_frame = reinterpret_cast<std::byte*>(&page) + ENTRY_TOP - ENTRY_FRAME_SIZE;
}

void fill_task_state(CpuId cpu) {
    std::byte* const block = arch::cpu_blocks + cpu.raw() * arch::cpu_block_size;
    auto const own = reinterpret_cast<u64>(block);
    auto const page = reinterpret_cast<u64>(&arch::entry_pages[cpu.raw()]);
    arch::TaskState& t = task_states[cpu.raw()];
    if (arch::isolation_on) {
        fill_entry_page(cpu, block);
        set_stacks(t, page + ENTRY_TOP, page + ENTRY_NMI_TOP, page + ENTRY_MCE_TOP, page + ENTRY_DF_TOP,
                   page + ENTRY_DB_TOP);
    } else {
        set_stacks(t, own + arch::cpu_block_size, own + arch::nmi_stack_top, own + arch::mce_stack_top,
                   own + arch::df_stack_top, own + arch::db_stack_top);
    }
    t.io_map = sizeof(arch::TaskState);  // beyond the limit: every port traps
}

u8 stack_of(unsigned vector) {
    switch (vector) {
        case 1:
            return arch::ist_db;
        case 2:
            return arch::ist_nmi;
        case 8:
            return arch::ist_df;
        case 18:
            return arch::ist_mce;
        default:
            return arch::ist_none;
    }
}

u64 stub_in(ExceptionTable const& table, unsigned row) {
    return reinterpret_cast<u64>(&table) + static_cast<u64>(s64{table[row]});
}

void fill_idt() {
    ExceptionTable const& table = arch::isolation_on ? isolated_exception_table : exception_table;
    auto const irqs = reinterpret_cast<u64>(arch::isolation_on ? isolated_irq_stubs : irq_stubs);
    for (unsigned v = 0; v < exceptions; ++v) {
        if (table[v] == 0)
            continue;
        // int3 and into need no privilege; every other `int n` of a guest is a #GP.
        u8 const type = v == 3 || v == 4 ? arch::Gate::interrupt_ring3 : arch::Gate::interrupt;
        idt[v] = arch::Gate::to(stub_in(table, v), type, stack_of(v));
    }
    for (unsigned v = 32; v < 256; ++v)
        idt[v] = arch::Gate::to(irqs + (v - 32) * IRQ_STUB_SIZE, arch::Gate::interrupt, 0);
    // Linux's 32-bit system call gate, direct.
    idt[0x80] = arch::Gate::to(stub_in(table, exceptions), arch::Gate::interrupt_ring3, 0);
}

// `base` is where selector 0 would be.
void load_gdt(u64 base) {
    arch::TablePointer const p{static_cast<u16>(arch::reserved_gdt_byte + page_size - 1), base};
    asm volatile("lgdt %0" ::"m"(p));
}

void load_selectors() {
    asm volatile(
        "pushq %0\n\t"
        "lea 1f(%%rip), %%rax\n\t"
        "push %%rax\n\t"
        "lretq\n"
        "1:\tmov %1, %%ss\n\t"
        "mov %2, %%ds\n\t"
        "mov %2, %%es\n\t"
        "mov %2, %%fs\n\t"
        "mov %2, %%gs" ::"i"(arch::sel_hv_cs),
        "r"(u32{arch::sel_hv_ds}), "r"(0)
        : "rax", "memory");
}

void init_syscall(CpuId cpu) {
    using arch::Msr;
    namespace f = arch::flags;
    wrmsr(Msr::efer, rdmsr(Msr::efer) | arch::efer::sce | arch::efer::nxe);
    wrmsr(Msr::star, u64{arch::sel_user_cs32} << 48 | u64{arch::sel_hv_cs} << 32);
    u64 const stub = cpu.raw() * SYSCALL_STUB_SIZE;
    auto const* const wide = arch::isolation_on ? isolated_syscall_stubs : syscall_stubs;
    auto const* const compat = arch::isolation_on ? isolated_compat_syscall_stubs : compat_syscall_stubs;
    wrmsr(Msr::lstar, reinterpret_cast<u64>(wide) + stub);
    wrmsr(Msr::cstar, reinterpret_cast<u64>(compat) + stub);
    wrmsr(Msr::sfmask, f::if_ | f::df | f::tf | f::nt | f::ac | f::rf | f::iopl | f::vm);
    // SYSENTER with a null code segment is #GP, which is reflected to the guest;
    // callback_op tells it that there is no such entry.
    if (arch::features.intel)
        wrmsr(Msr::sysenter_cs, 0);
}

}  // namespace

namespace arch {

std::array<u64, 512>& reserved_gdt_page(CpuId cpu) {
    return reserved_pages[cpu.raw()];
}

void load_ldt(CpuId cpu, u32 entries) {
    if (entries == 0) {
        asm volatile("lldt %w0" ::"r"(0));
        return;
    }
    auto const d = system_descriptor(ldt_window(cpu), entries * 8 - 1, 0x82);
    set_reserved(cpu, sel_ldt, d[0]);
    set_reserved(cpu, sel_ldt + 8, d[1]);
    asm volatile("lldt %w0" ::"r"(u32{sel_ldt}));
}

void init_traps(CpuId cpu, u32 apic_id) {
    CpuLocal& local = *new (&cpu_local(cpu)) CpuLocal{};
    local.id = cpu;
    local.apic_id = apic_id;
    fill_reserved_page(cpu);
    fill_task_state(cpu);
    if (cpu == CpuId{0})
        fill_idt();
    // Until the window is mapped, only the reserved part can be reached.
    load_gdt(reinterpret_cast<u64>(&reserved_pages[cpu.raw()]) - reserved_gdt_byte);
    load_selectors();
    asm volatile("ltr %w0" ::"r"(u32{sel_tss}));
    TablePointer const p{sizeof idt - 1, reinterpret_cast<u64>(idt.data())};
    asm volatile("lidt %0" ::"m"(p));
}

void init_cpu(CpuId cpu) {
    CpuLocal& local = cpu_local(cpu);
    load_gdt(gdt_window(cpu));
    load_ldt(cpu, 0);
    init_syscall(cpu);

    write_cr0(cr0::pe | cr0::mp | cr0::et | cr0::ne | cr0::wp | cr0::am | cr0::pg);
    // UMIP stays off: SGDT, SIDT and SLDT would fault in guests that were told
    // the feature does not exist. FSGSBASE is each guest's own choice.
    local.cr4 = cr4::pae | cr4::mce | cr4::osfxsr | cr4::osxmmexcpt | (features.xsave ? cr4::osxsave : 0) |
                (features.smep ? cr4::smep : 0) | (features.smap ? cr4::smap : 0);
    write_cr4(local.cr4);
    init_fpu();
    if (features.cpuid_faulting)
        wrmsr(Msr::misc_features, 1);
}

void isolate_entries(CpuId cpu) {
    fill_task_state(cpu);
    fill_idt();
    init_syscall(cpu);
}

void load_guest_cr4(u64 wanted) {
    u64 const value = this_cpu_local().cr4 | (wanted & (cr4::fsgsbase | cr4::tsd));
    if (value != read_cr4())
        write_cr4(value);
}

}  // namespace arch

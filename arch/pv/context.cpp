// SPDX-License-Identifier: MIT
// Which vcpu this CPU carries, and the last look before a guest runs.
#include <bit>

#include "arch/cpu/barriers.hpp"
#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/descriptors.hpp"
#include "arch/cpu/features.hpp"
#include "arch/cpu/fixup.hpp"
#include "arch/cpu/fpu.hpp"
#include "arch/cpu/init.hpp"
#include "arch/cpu/msr.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/mm/paging.hpp"
#include "arch/mm/tlb.hpp"
#include "arch/pv/debugreg.hpp"
#include "arch/pv/guest_view.hpp"
#include "arch/pv/trap.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/sync/deferred.hpp"
#include "kernel/sync/standstill.hpp"

namespace {

using arch::Frame;
using machine::VcpuState;

Mfn root_of(Vcpu const& v) {
    VcpuState const& s = *v.arch;
    return (s.kernel_mode ? s.kernel_root : s.user_root).mfn();
}

// vcpu_info of nobody: never has an event, so return_to_guest stays quiet.
constinit vcpu_info_t quiet_info{};

Frame& guest_frame(CpuId cpu) {
    auto* const end = arch::cpu_blocks + (cpu.raw() + 1) * arch::cpu_block_size;
    return *reinterpret_cast<Frame*>(end - sizeof(Frame));
}

// Loads a data selector; false when the descriptor did not allow it, then the
// register holds the null selector.
template <int Register>
bool load_selector(u16 value) {
    u32 failed = 0;
    u32 const v = value;
#define GRANITE_LOAD(reg)                                                                       \
    asm volatile("1:\tmov %[v], %%" reg "\n\tjmp 3f\n2:\txor %%eax, %%eax\n\tmov %%eax, %%" reg \
                 "\n\tmov $1, %[failed]\n3:\n\t" EX_TABLE("1b", "2b")                           \
                 : [failed] "+r"(failed)                                                        \
                 : [v] "r"(v)                                                                   \
                 : "eax", "memory")
    if constexpr (Register == 0)
        GRANITE_LOAD("ds");
    else if constexpr (Register == 1)
        GRANITE_LOAD("es");
    else if constexpr (Register == 2)
        GRANITE_LOAD("fs");
    else
        GRANITE_LOAD("gs");
#undef GRANITE_LOAD
    return failed == 0;
}

template <class T>
u16 read_selector(T read) {
    u32 v = 0;
    read(v);
    return static_cast<u16>(v);
}

void save_segments(VcpuState& s) {
    s.ds = read_selector([](u32& v) { asm volatile("mov %%ds, %0" : "=r"(v)); });
    s.es = read_selector([](u32& v) { asm volatile("mov %%es, %0" : "=r"(v)); });
    s.fs = read_selector([](u32& v) { asm volatile("mov %%fs, %0" : "=r"(v)); });
    s.gs = read_selector([](u32& v) { asm volatile("mov %%gs, %0" : "=r"(v)); });
    s.fs_base = rdmsr(arch::Msr::fs_base);
    u64 const active = rdmsr(arch::Msr::gs_base);
    u64 const other = rdmsr(arch::Msr::kernel_gs_base);
    s.gs_base_kernel = s.kernel_mode ? active : other;
    s.gs_base_user = s.kernel_mode ? other : active;
}

// Selectors first: loading one may change its base. False when one was bad.
bool load_segments(VcpuState const& s) {
    bool const ok =
        load_selector<0>(s.ds) & load_selector<1>(s.es) & load_selector<2>(s.fs) & load_selector<3>(s.gs);
    wrmsr(arch::Msr::fs_base, s.fs_base);
    wrmsr(arch::Msr::gs_base, s.kernel_mode ? s.gs_base_kernel : s.gs_base_user);
    wrmsr(arch::Msr::kernel_gs_base, s.kernel_mode ? s.gs_base_user : s.gs_base_kernel);
    return ok;
}

// XCR0 is the guest's own choice; all we switch must be on while switching.
void switch_xcr0(u64 from, u64 to) {
    if (arch::features.xsave && from != to)
        arch::xsetbv(to);
}

void save_vcpu(arch::CpuLocal& local, Vcpu& v) {
    VcpuState& s = *v.arch;
    s.regs = guest_frame(local.id);
    save_segments(s);
    arch::clear_ts();
    switch_xcr0(s.xcr0, arch::features.xcr0_mask);
    arch::save_fpu(s.xsave_area);
    pv::unload_debug_registers(v);
}

void load_vcpu(arch::CpuLocal& local, Vcpu& v) {
    VcpuState& s = *v.arch;
    local.current = &v;
    if (arch::barriers.ibpb && local.last_guest.replaced_by(s.serial)) [[unlikely]]
        arch::forget_branches();  // SP-E
    arch::load_descriptor_windows(v);
    arch::restore_fpu(s.xsave_area);
    switch_xcr0(arch::features.xcr0_mask, s.xcr0);
    arch::load_guest_cr4(s.cr4_guest);
    if (s.ts)
        arch::write_cr0(arch::read_cr0() | arch::cr0::ts);
    pv::load_debug_registers(v);
    if (arch::features.rdtscp)
        wrmsr(arch::Msr::tsc_aux, s.tsc_aux);
    guest_frame(local.id) = s.regs;
    if (!load_segments(s))
        pv::bounce_failsafe(v, guest_frame(local.id), {s.ds, s.es, s.fs, s.gs});
}

// Whoever asks which CPUs may hold translations of a vcpu (TLB-1) reads what is
// noted here: before a root is loaded, and after another one has been.
void enter_address_space(Vcpu& v) {
    v.arch->loaded_on.store(machine::this_cpu().raw() + 1);
    Mfn const root = root_of(v);
    arch::enter_guest_root(maddr_of(root), arch::view_of(root));
}

// The vcpu that leaves is let go of when its root is not loaded here any more:
// whoever takes it over may drop that root.
void switch_to(arch::CpuLocal& local, Vcpu* next) {
    Vcpu* const before = local.current;
    if (before == next)
        return;
    if (before)
        save_vcpu(local, *before);
    local.current = nullptr;
    if (next)
        enter_address_space(*next);
    else
        arch::enter_own_root(arch::master_l4());
    if (before) {
        before->arch->loaded_on.store(0);
        sched::context_saved(*before);
    }
    if (next)
        load_vcpu(local, *next);
}

void idle(arch::CpuLocal& local) {
    local.current_info = &quiet_info;
    // Who looks for somebody to run again and again comes by here with something due.
    asm volatile("sti\n\tnop\n\tcli" ::: "memory");
    while (!sched::resched_due() && __atomic_load_n(&local.work_due, __ATOMIC_RELAXED) == 0) {
        // The interrupt that ends the halt ends the idle time (irq_entry).
        if (local.idle_since == 0)
            local.idle_since = machine::cycles();
        asm volatile("sti\n\thlt\n\tcli" ::: "memory");
    }
    arch::end_idle(local);
}

}  // namespace

// On the way to a guest, with work to do: choose who runs, deliver what is due.
extern "C" void prepare_return(Frame* f) {
    arch::CpuLocal& local = arch::this_cpu_local();
    do {
        __atomic_store_n(&local.work_due, 0, __ATOMIC_RELAXED);
        local.retried = 0;
        Standstill::stand_if_asked();
        Deferred::run_all();
        if (sched::resched_due())
            switch_to(local, sched::pick());
        if (!local.current) {
            idle(local);
            local.work_due = 1;
            continue;
        }
        local.current_info = local.current->info;
        pv::deliver_pending(*local.current, *f);
    } while (__atomic_load_n(&local.work_due, __ATOMIC_RELAXED) != 0 || sched::resched_due());
}

extern "C" [[noreturn]] void start_return_to_guest(std::byte* block_end);

namespace machine {

u64 idle_cycles(CpuId cpu) {
    arch::CpuLocal const& local = arch::cpu_local(cpu);
    u64 const since = __atomic_load_n(&local.idle_since, __ATOMIC_RELAXED);
    u64 const before = __atomic_load_n(&local.idle_cycles, __ATOMIC_RELAXED);
    return since == 0 ? before : before + (cycles() - since);
}

CpuId this_cpu() {
    return arch::this_cpu_local().id;
}
Vcpu* current() {
    return arch::this_cpu_local().current;
}

Frame& regs_of(Vcpu& v) {
    return &v == current() ? guest_frame(this_cpu()) : v.arch->regs;
}

void run_guests() {
    arch::CpuLocal& local = arch::this_cpu_local();
    local.current_info = &quiet_info;
    sched::set_resched_due();
    start_return_to_guest(arch::cpu_blocks + (local.id.raw() + 1) * arch::cpu_block_size);
}

void vcpu_notify(Vcpu& v) {
    if (&v == current())
        arch::this_cpu_local().work_due = 1;
    else if (u32 const on = v.arch->loaded_on.load())
        kick(CpuId{on - 1});
}

CpuMask cpus_with_translations(Domain const& d, u64 vcpus) {
    CpuMask cpus = 0;
    for (Vcpu const* const v : d.all_vcpus())
        if ((vcpus >> v->id.raw() & 1) != 0)
            if (u32 const on = v->arch->loaded_on.load())
                cpus |= CpuMask{1} << (on - 1);
    return cpus;
}

}  // namespace machine

u32& lock_order::held() {
    return arch::this_cpu_local().lock_ranks;
}

namespace arch {

void load_root(Vcpu& v) {
    Mfn const root = root_of(v);
    load_roots(maddr_of(root), view_of(root));
}

}  // namespace arch

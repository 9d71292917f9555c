// SPDX-License-Identifier: MIT
// What happens on each exception, of a guest or of our own.
#include <cstring>
#include <utility>

#include "arch/cpu/barriers.hpp"
#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/fixup.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/mm/layout.hpp"
#include "arch/platform/irq.hpp"
#include "arch/platform/panic.hpp"
#include "arch/pv/debugreg.hpp"
#include "arch/pv/emulate.hpp"
#include "arch/pv/ldt.hpp"
#include "arch/pv/table_write.hpp"
#include "arch/pv/trap.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/profile/stretches.hpp"

namespace {

using arch::Frame;

enum Vector : u32 { de = 0, db = 1, nmi = 2, ud = 6, nm = 7, df = 8, gp = 13, pf = 14, mc = 18, int80 = 128 };

// Page-fault error code (Intel SDM volume 3, 4.7).
constexpr u32 pf_present = 1, pf_write = 2, pf_user = 4, pf_reserved = 8, pf_fetch = 16;
// #GP error code of `int n`: bit 1 says the selector is an IDT index.
constexpr u32 gp_idt = 2;
constexpr u64 int_n_length = 2;

bool in_ldt_window(u64 address) {
    u64 const start = arch::ldt_window(machine::this_cpu());
    return address >= start && address < start + arch::ldt_window_pages * page_size;
}

bool bring_in_ldt_page(u64 address) {
    Vcpu* v = machine::current();
    if (!v || !in_ldt_window(address))
        return false;
    auto const page = (address - arch::ldt_window(machine::this_cpu())) >> page_shift;
    return arch::fault_in_ldt_page(*v, static_cast<unsigned>(page));
}

void guest_page_fault(Vcpu& v, Frame& f, u64 address) {
    bool const kernel = v.arch->kernel_mode;
    if (address >= machine::hypervisor_start && address < machine::hypervisor_end) {
        if ((f.error_code & (pf_user | pf_reserved)) == 0 && bring_in_ldt_page(address))
            return;
    } else if (kernel &&
               (f.error_code & (pf_present | pf_write | pf_reserved | pf_fetch)) == (pf_present | pf_write)) {
        if (pv::emulate_page_table_write(v, f, Vaddr{address}))
            return trace::note(trace::Kind::fault, v, address, f.error_code);
    }
    // Hardware says "user" of everything in ring 3.
    u32 const error = kernel ? f.error_code & ~pf_user : f.error_code;
    v.info->arch.cr2 = address;
    pv::reflect(v, f, pf, error);
}

void guest_int_n(Vcpu& v, Frame& f, unsigned vector) {
    machine::TrapGate const& gate = v.arch->traps[vector];
    unsigned const needed = v.arch->kernel_mode ? 1 : 3;
    if (gate.dpl < needed) {
        pv::reflect(v, f, gp, vector << 3 | gp_idt);
        return;
    }
    pv::bounce(v, f, {gate.address, gate.masks_events});
}

void guest_general_protection(Vcpu& v, Frame& f) {
    if ((f.error_code & 7) == gp_idt) {
        unsigned const vector = f.error_code >> 3 & 0xff;
        machine::TrapGate const& gate = v.arch->traps[vector];
        bool const allowed = gate.dpl >= (v.arch->kernel_mode ? 1 : 3);
        if (allowed)
            f.rip += int_n_length;
        guest_int_n(v, f, vector);
        return;
    }
    if (f.error_code == 0 && pv::emulate_privileged(v, f))
        return;
    pv::reflect(v, f, gp, f.error_code);
}

void guest_no_device(Vcpu& v, Frame& f) {
    arch::clear_ts();
    if (!v.arch->ts)
        return;
    v.arch->ts = false;
    pv::reflect(v, f, nm);
}

[[gnu::always_inline]] inline void guest_exception(Vcpu& v, Frame& f) {
    switch (f.vector) {
        case pf:
            guest_page_fault(v, f, arch::read_cr2());
            break;
        case gp:
            guest_general_protection(v, f);
            break;
        case ud:
            if (!pv::emulate_forced(v, f))
                pv::reflect(v, f, ud);
            break;
        case nm:
            guest_no_device(v, f);
            break;
        case db:
            pv::collect_debug_status(v);
            pv::reflect(v, f, db);
            break;
        case int80:
            guest_int_n(v, f, 0x80);
            break;
        default:
            pv::reflect(v, f, f.vector, f.error_code);
    }
}

[[gnu::noinline, gnu::cold]] void measured_exception(Vcpu& v, Frame& f) {
    stretches::Call const call{stretches::exceptions, f.vector};
    guest_exception(v, f);
}

extern "C" std::byte const guest_iretq[];

// IRET faulted on a frame that the guest had made: the registers popped before
// it are in `f`, the frame itself still lies at the top of the stack. Put both
// together again and tell the guest.
Frame* recover_iret(Frame* f) {
    u64 const block = reinterpret_cast<u64>(f) & ~(arch::cpu_block_size - 1);
    auto* guest = reinterpret_cast<Frame*>(block + arch::cpu_block_size - sizeof(Frame));
    std::memmove(guest, f, offsetof(Frame, error_code));
    Vcpu& v = *machine::current();
    machine::VcpuState const& s = *v.arch;
    pv::bounce_failsafe(v, *guest, {s.ds, s.es, s.fs, s.gs});
    return guest;
}

// Our access to guest memory met a translation that is stricter than the tables
// are by now. The fault has dropped it, so the access is tried again, once.
bool worth_another_try(Frame const& f, u64 address) {
    Vcpu const* const v = machine::current();
    arch::CpuLocal& local = arch::this_cpu_local();
    bool const refused = (f.error_code & (pf_present | pf_reserved)) == pf_present;
    if (!v || !refused || std::exchange(local.retried, address) == address)
        return false;
    return arch::allows_access(*v, Vaddr{address}, (f.error_code & pf_write) != 0);
}

// The frame to go on with, or none when the fault is a bug.
Frame* own_exception(Frame* f) {
    if (f->rip == reinterpret_cast<u64>(guest_iretq))
        return recover_iret(f);
    if (f->vector == pf && bring_in_ldt_page(arch::read_cr2()))
        return f;
    if (u64 const to = arch::find_fixup(f->rip)) {
        if (f->vector == pf && worth_another_try(*f, arch::read_cr2()))
            return f;
        ++arch::this_cpu_local().fault_fixups;
        f->rip = to;
        return f;
    }
    return nullptr;
}

}  // namespace

extern "C" void guest_exception_entry(Frame* f) {
    Vcpu& v = *machine::current();
    if (stretches::measuring.load(std::memory_order_relaxed)) [[unlikely]]
        measured_exception(v, *f);
    else
        guest_exception(v, *f);
}

extern "C" Frame* own_exception_entry(Frame* f) {
    if (Frame* next = own_exception(f))
        return next;
    arch::panic_frame(*f, "exception in the hypervisor");
}

extern "C" void irq_entry(u32 vector) {
    arch::end_idle(arch::this_cpu_local());
    arch::handle_irq(static_cast<u8>(vector));
}

// NMI, #MC, #DF, and #DB of our own: on stacks of their own, from anywhere.
extern "C" void ist_entry(Frame* f) {
    if (f->vector == db) {
        // MOV SS before SYSCALL delays a guest's breakpoint into our first
        // instruction. The guest sees its status; we go on.
        if (Vcpu* v = machine::current())
            pv::collect_debug_status(*v);
        return;
    }
    if (f->vector == nmi) {
        arch::handle_nmi(*f);
        if ((f->cs & 3) != 0)
            arch::clear_buffers_if_wanted();
        return;
    }
    arch::panic_frame(*f, f->vector == mc ? "machine check" : "double fault");
}

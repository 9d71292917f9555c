// SPDX-License-Identifier: MIT
// vcpu_guest_context, the form in which the toolstack and a guest kernel
// describe a vcpu before its first instruction. Nothing of it is believed:
// every value goes through the rules that the vcpu's own hypercalls obey.
#include <cstring>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/fpu.hpp"
#include "arch/cpu/descriptors.hpp"
#include "arch/pv/address.hpp"
#include "arch/pv/debugreg.hpp"
#include "arch/pv/gdt.hpp"
#include "arch/pv/roots.hpp"
#include "arch/pv/vcpu_state.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/mm/guest_ptr.hpp"

namespace {

using machine::VcpuState;

constexpr u64 cr3_page_shift = 12;
constexpr u64 max_ldt_entries = 8192;
constexpr unsigned status_component_bits = 512;  // XSTATE_BV in the header
constexpr usize legacy_fpu_bytes = 512;

// All that can be refused without taking anything.
bool plausible(vcpu_guest_context const& c) {
    u64 const addresses[] = {c.event_callback_eip, c.failsafe_callback_eip, c.syscall_callback_eip, c.fs_base,
                             c.gs_base_kernel,     c.gs_base_user};
    for (u64 const a : addresses)
        if (!pv::canonical(a))
            return false;
    for (trap_info const& t : c.trap_ctxt)
        if (!pv::canonical(t.address))
            return false;
    return pv::canonical(c.user_regs.rip) && c.ldt_ents <= max_ldt_entries && (c.ldt_base & page_mask) == 0 &&
           mm::guest_range_ok(c.ldt_base, c.ldt_ents * sizeof(u64));
}

void load_registers(VcpuState& s, vcpu_guest_context const& c) {
    cpu_user_regs const& r = c.user_regs;
    arch::Frame& f = s.regs;
    f = {};
    f.r15 = r.r15, f.r14 = r.r14, f.r13 = r.r13, f.r12 = r.r12;
    f.rbp = r.rbp, f.rbx = r.rbx, f.r11 = r.r11, f.r10 = r.r10;
    f.r9 = r.r9, f.r8 = r.r8, f.rax = r.rax, f.rcx = r.rcx;
    f.rdx = r.rdx, f.rsi = r.rsi, f.rdi = r.rdi;
    f.rip = r.rip;
    f.rsp = r.rsp;
    f.cs = r.cs | 3u;
    f.ss = r.ss | 3u;
    f.rflags = arch::sanitize_flags(r.rflags);
    s.iopl = static_cast<u8>(r.rflags >> 12 & 3);
    s.ds = r.ds, s.es = r.es, s.fs = r.fs, s.gs = r.gs;
    s.fs_base = c.fs_base;
    s.gs_base_kernel = c.gs_base_kernel;
    s.gs_base_user = c.gs_base_user;
}

void load_entry_points(VcpuState& s, vcpu_guest_context const& c) {
    for (usize i = 0; i < s.traps.size(); ++i) {
        trap_info const& t = c.trap_ctxt[i];
        s.traps[i] = {t.address, static_cast<u16>(t.cs | 3), static_cast<u8>(t.flags & 3),
                      (t.flags & 4) != 0};
    }
    s.event = {c.event_callback_eip, true};
    s.failsafe = {c.failsafe_callback_eip, (c.flags & VGCF_failsafe_disables_events) != 0};
    s.syscall = {c.syscall_callback_eip, (c.flags & VGCF_syscall_disables_events) != 0};
    s.kernel_sp = c.kernel_sp;
    s.kernel_ss = static_cast<u16>(c.kernel_ss | 3);
    s.ldt_base = c.ldt_base;
    s.ldt_entries = static_cast<u32>(c.ldt_ents);
}

void load_fpu(VcpuState& s, vcpu_guest_context const& c) {
    arch::reset_fpu_area(s.xsave_area);
    if ((c.flags & VGCF_I387_VALID) == 0)
        return;
    static_assert(sizeof c.fpu_ctxt == legacy_fpu_bytes);
    std::memcpy(s.xsave_area, &c.fpu_ctxt, legacy_fpu_bytes);
    constexpr u64 x87_and_sse = 3;
    std::memcpy(static_cast<std::byte*>(s.xsave_area) + status_component_bits, &x87_and_sse,
                sizeof x87_and_sse);
}

Result<> load_debug_registers(Vcpu& v, vcpu_guest_context const& c) {
    for (unsigned i : {0u, 1u, 2u, 3u, 6u, 7u})
        TRY_VOID(pv::set_debug_register(v, i, c.debugreg[i]));
    return {};
}

}  // namespace

namespace machine {

Result<> vcpu_set_context(Vcpu& v, vcpu_guest_context const& c) {
    if (v.initialised)
        return Fail{Errno::exist};
    if (!plausible(c))
        return Fail{Errno::inval};
    VcpuState& s = *v.arch;
    TRY_VOID(load_debug_registers(v, c));
    // Roots may be validated in several calls; what is held then stays held.
    if (!s.kernel_root)
        TRY_VOID(arch::set_kernel_root(v, Mfn{c.ctrlreg[3] >> cr3_page_shift}));
    if (c.ctrlreg[1] != 0 && !s.user_root)
        TRY_VOID(arch::set_user_root(v, Mfn{c.ctrlreg[1] >> cr3_page_shift}));
    TRY_VOID(arch::set_gdt(v, c.gdt_frames, static_cast<u32>(c.gdt_ents)));
    s.kernel_mode = (c.flags & VGCF_in_kernel) != 0;
    if (!s.kernel_mode && !s.user_root)
        return Fail{Errno::inval};
    load_registers(s, c);
    load_entry_points(s, c);
    load_fpu(s, c);
    if (v.id.raw() == 0)
        v.domain.vm_assist = static_cast<u32>(c.vm_assist);
    v.initialised = true;
    return {};
}

void vcpu_get_context(Vcpu const& v, vcpu_guest_context& c) {
    VcpuState const& s = *v.arch;
    arch::Frame const& f = regs_of(const_cast<Vcpu&>(v));
    std::memset(&c, 0, sizeof c);
    cpu_user_regs& r = c.user_regs;
    r.r15 = f.r15, r.r14 = f.r14, r.r13 = f.r13, r.r12 = f.r12;
    r.rbp = f.rbp, r.rbx = f.rbx, r.r11 = f.r11, r.r10 = f.r10;
    r.r9 = f.r9, r.r8 = f.r8, r.rax = f.rax, r.rcx = f.rcx;
    r.rdx = f.rdx, r.rsi = f.rsi, r.rdi = f.rdi;
    r.rip = f.rip, r.rsp = f.rsp, r.rflags = f.rflags;
    r.cs = static_cast<u16>(f.cs), r.ss = static_cast<u16>(f.ss);
    r.ds = s.ds, r.es = s.es, r.fs = s.fs, r.gs = s.gs;
    c.flags = (s.kernel_mode ? VGCF_in_kernel : 0u) | (v.sched.up ? VGCF_online : 0u);
    c.kernel_sp = s.kernel_sp;
    c.kernel_ss = s.kernel_ss;
    c.fs_base = s.fs_base;
    c.gs_base_kernel = s.gs_base_kernel;
    c.gs_base_user = s.gs_base_user;
    c.ldt_base = s.ldt_base;
    c.ldt_ents = s.ldt_entries;
    c.gdt_ents = s.gdt_entries;
    for (usize i = 0; i < s.gdt_frames.size(); ++i)
        if (s.gdt_frames[i])
            c.gdt_frames[i] = s.gdt_frames[i].mfn().raw();
    if (s.kernel_root)
        c.ctrlreg[3] = maddr_of(s.kernel_root.mfn()).raw();
    if (s.user_root)
        c.ctrlreg[1] = maddr_of(s.user_root.mfn()).raw();
    c.event_callback_eip = s.event.address;
    c.failsafe_callback_eip = s.failsafe.address;
    c.syscall_callback_eip = s.syscall.address;
    c.vm_assist = v.domain.vm_assist;
    std::memcpy(&c.fpu_ctxt, s.xsave_area, legacy_fpu_bytes);
}

}  // namespace machine

// SPDX-License-Identifier: MIT
// The iret hypercall: the only way from guest kernel to guest user mode, and
// Linux's way back from everything (EX-5, EX-6).
#include "arch/cpu/control_regs.hpp"
#include "arch/pv/trap.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace {

// Nine words at the guest's RSP, in the order of struct iret_context.
constexpr u64 in_syscall = 1u << 8;  // VGCF_in_syscall: RCX and R11 are dead

}  // namespace

namespace hypercall {

Answer iret(Vcpu& v) {
    machine::VcpuState& s = *v.arch;
    arch::Frame& f = machine::regs_of(v);
    iret_context frame;
    if (!GuestPtr<iret_context>{f.rsp}.fetch_into(&frame, 1)) {
        domains::crash(v.domain, "iret: frame not readable");
        return 0;
    }
    if ((frame.cs & 3) == 3) {
        if (!s.user_root) {
            domains::crash(v.domain, "iret to user mode without a user page table");
            return 0;
        }
        pv::toggle_mode(v);
    }
    f.rip = frame.rip;
    f.cs = (frame.cs & 0xffff) | 3;
    f.rflags = arch::sanitize_flags(frame.rflags);
    f.rsp = frame.rsp;
    f.ss = (frame.ss & 0xffff) | 3;
    if ((frame.flags & in_syscall) == 0) {
        f.r11 = frame.r11;
        f.rcx = frame.rcx;
        f.vector = 0;  // leave by IRET, which restores RCX and R11
    }
    u8 const mask = (frame.rflags & arch::flags::if_) != 0 ? 0 : 1;
    __atomic_store_n(&v.info->evtchn_upcall_mask, mask, __ATOMIC_RELEASE);
    s.nmi_blocked = false;
    return static_cast<s64>(frame.rax);
}

}  // namespace hypercall

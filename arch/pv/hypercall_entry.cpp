// SPDX-License-Identifier: MIT
// SYSCALL: a hypercall when the guest's kernel does it, the guest's own system
// call when its user space does. Only the vcpu's mode tells them apart.
#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/pv/trap.hpp"
#include "kernel/hypercall/dispatch.hpp"

namespace {

constexpr u64 syscall_length = 2;

void set_args(arch::Frame& f, hypercall::Args const& a) {
    f.rdi = a[0];
    f.rsi = a[1];
    f.rdx = a[2];
    f.r10 = a[3];
    f.r8 = a[4];
    f.r9 = a[5];
}

void guest_kernel_syscall(Vcpu& v, arch::Frame& f) {
    hypercall::Args args{f.rdi, f.rsi, f.rdx, f.r10, f.r8, f.r9};
    auto const outcome = hypercall::dispatch(v, f.rax, args);
    if (!outcome.restart) {
        f.rax = outcome.value;
        return;
    }
    // Events may be delivered in between; the instruction then runs again.
    f.rip -= syscall_length;
    set_args(f, args);
}

void guest_user_syscall(Vcpu& v, arch::Frame& f) {
    machine::VcpuState const& s = *v.arch;
    if (s.syscall.address == 0) {
        f.rip -= syscall_length;
        pv::reflect(v, f, 6);
        return;
    }
    // As after a real SYSCALL: RCX is where to return to, R11 the flags.
    f.rcx = f.rip;
    f.r11 = f.rflags;
    f.rflags &= ~arch::flags::df;
    pv::bounce(v, f, {s.syscall.address, s.syscall.masks_events});
}

}  // namespace

extern "C" void syscall_entry(arch::Frame* f) {
    Vcpu& v = *arch::this_cpu_local().current;
    if (v.arch->kernel_mode) [[likely]]
        guest_kernel_syscall(v, *f);
    else
        guest_user_syscall(v, *f);
}

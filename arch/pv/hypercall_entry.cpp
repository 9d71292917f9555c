// SPDX-License-Identifier: MIT
// SYSCALL: a hypercall when the guest's kernel does it, the guest's own system
// call when its user space does. Only the vcpu's mode tells them apart.
#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/percpu.hpp"
#include "arch/pv/trap.hpp"
#include "kernel/hypercall/dispatch.hpp"

namespace {

constexpr u64 syscall_length = 2;

// The frame still holds what the call was made with.
[[gnu::noinline, gnu::cold]] void settle_failed(Vcpu& v, arch::Frame& f, Errno error) {
    hypercall::Args args{f.rdi, f.rsi, f.rdx, f.r10, f.r8, f.r9};
    auto const outcome = hypercall::settle_failed(v, f.rax, error, args);
    if (!outcome.restart) {
        f.rax = outcome.value;
        return;
    }
    // Events may be delivered in between; the instruction then runs again.
    f.rip -= syscall_length;
    f.rdi = args[0];
    f.rsi = args[1];
    f.rdx = args[2];
    f.r10 = args[3];
    f.r8 = args[4];
    f.r9 = args[5];
}

void guest_kernel_syscall(Vcpu& v, arch::Frame& f) {
    hypercall::Answer r;
    if (f.rax == __HYPERVISOR_iret) {
        // Every second hypercall of Linux. It has no arguments.
        hypercall::count(v, __HYPERVISOR_iret);
        r = hypercall::iret(v);
    } else {
        r = hypercall::find(v, f.rax)(v, f.rdi, f.rsi, f.rdx, f.r10, f.r8);
    }
    if (r) [[likely]]
        f.rax = static_cast<u64>(*r);
    else
        settle_failed(v, f, r.error());
}

// To the guest's own entry. RCX and R11 are what a real SYSCALL makes of them.
void bounce_syscall(Vcpu& v, arch::Frame& f, machine::Callback const& to) {
    if (to.address == 0) {
        f.rip -= syscall_length;
        pv::reflect(v, f, 6);
        return;
    }
    pv::bounce(v, f, {to.address, to.masks_events});
    f.rflags &= ~arch::flags::df;  // of the kernel's: its frame has what the user had set
}

}  // namespace

extern "C" void syscall_entry(arch::Frame* f) {
    Vcpu& v = *arch::this_cpu_local().current;
    if (v.arch->kernel_mode) [[likely]]
        guest_kernel_syscall(v, *f);
    else
        bounce_syscall(v, *f, v.arch->syscall);
}

// From 32-bit code, which no guest's kernel is.
extern "C" void compat_syscall_entry(arch::Frame* f) {
    Vcpu& v = *arch::this_cpu_local().current;
    bounce_syscall(v, *f, v.arch->syscall32);
}

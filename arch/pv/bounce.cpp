// SPDX-License-Identifier: MIT
// Bounce frames. Layout, low to high address: RCX, R11, [error code], RIP,
// CS and the saved upcall mask, RFLAGS, RSP, SS (xen/arch-x86/xen-x86_64.h).
#include <array>

#include "arch/cpu/control_regs.hpp"
#include "arch/cpu/descriptors.hpp"
#include "arch/pv/trap.hpp"
#include "kernel/domain/events.hpp"
#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/tracing.hpp"
#include "kernel/mm/guest_ptr.hpp"

namespace pv {
namespace {

using machine::VcpuState;

// The guest's mask byte is shared memory: one read, one value.
u8 upcall_mask(Vcpu& v) {
    return __atomic_load_n(&v.info->evtchn_upcall_mask, __ATOMIC_RELAXED);
}
void set_upcall_mask(Vcpu& v) {
    __atomic_store_n(&v.info->evtchn_upcall_mask, u8{1}, __ATOMIC_RELAXED);
}

// What the guest sees as interrupted: IF is its own mask, IOPL its own number.
u64 visible_flags(Vcpu const& v, u64 flags, u8 mask) {
    u64 r = flags & ~(arch::flags::if_ | arch::flags::iopl);
    if (mask == 0)
        r |= arch::flags::if_;
    if ((v.domain.vm_assist >> VMASST_TYPE_architectural_iopl & 1) != 0)
        r |= u64{v.arch->iopl} << 12;
    return r;
}

// CS.RPL tells the guest whether its kernel (0) or its user (3) was interrupted.
u64 visible_cs(Vcpu const& v, u64 cs, u8 mask) {
    u64 const selector = (cs & 0xfffc) | (v.arch->kernel_mode ? 0 : 3);
    return selector | u64{mask} << 32;
}

void enter_handler(Vcpu& v, arch::Frame& f, u64 sp, Target to) {
    namespace fl = arch::flags;
    f.rip = to.address;
    f.cs = arch::sel_user_cs;
    f.ss = arch::sel_user_ds;
    f.rsp = sp;
    f.rflags = (f.rflags & ~(fl::ac | fl::vm | fl::rf | fl::nt | fl::tf | fl::iopl)) | fl::if_ | fl::fixed;
    // Handlers begin by popping RCX and R11, so SYSRET may leave anything there.
    f.vector = VECTOR_SYSCALL;
    if (to.masks_events)
        set_upcall_mask(v);
}

// The stack to push on: a guest in user mode changes to its kernel first.
u64 kernel_stack_pointer(Vcpu& v, arch::Frame const& f) {
    if (v.arch->kernel_mode)
        return f.rsp;
    toggle_mode(v);
    return v.arch->kernel_sp;
}

template <usize N>
[[gnu::always_inline]] inline void push_frame(Vcpu& v, arch::Frame& f, std::array<u64, N> const& words,
                                              Target to) {
    u64 const low = (kernel_stack_pointer(v, f) & ~u64{15}) - sizeof words;
    if (!GuestPtr<std::array<u64, N>>{low}.store(words)) [[unlikely]] {
        domains::crash(v.domain, "no usable kernel stack to deliver a trap on");
        return;
    }
    enter_handler(v, f, low, to);
}

// `error`: nothing, or the error code.
template <class... Error>
inline void bounce_with(Vcpu& v, arch::Frame& f, Target to, Error... error) {
    if (to.address == 0) [[unlikely]] {
        domains::crash(v.domain, "a trap or event has no handler");
        return;
    }
    u8 const mask = upcall_mask(v);
    u64 const cs = visible_cs(v, f.cs, mask);
    u64 const flags = visible_flags(v, f.rflags, mask);
    push_frame(v, f, std::array{f.rcx, f.r11, u64{error}..., f.rip, cs, flags, f.rsp, f.ss}, to);
}

}  // namespace

void bounce(Vcpu& v, arch::Frame& f, Target to, std::optional<u32> error) {
    if (error)
        bounce_with(v, f, to, *error);
    else
        bounce_with(v, f, to);
}

void bounce_failsafe(Vcpu& v, arch::Frame& f, Selectors const& wanted) {
    machine::Callback const& cb = v.arch->failsafe;
    if (cb.address == 0) {
        domains::crash(v.domain, "bad selector or iret frame, and no failsafe callback");
        return;
    }
    u8 const mask = upcall_mask(v);
    std::array<u64, 11> const words{f.rcx,
                                    f.r11,
                                    wanted.ds,
                                    wanted.es,
                                    wanted.fs,
                                    wanted.gs,
                                    f.rip,
                                    visible_cs(v, f.cs, mask),
                                    visible_flags(v, f.rflags, mask),
                                    f.rsp,
                                    f.ss};
    push_frame(v, f, words, {cb.address, cb.masks_events});
}

void reflect(Vcpu& v, arch::Frame& f, unsigned vector, u32 error) {
    trace::note(trace::Kind::exception, v, vector, vector == 14 ? v.info->arch.cr2 : error);
    // #DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP push an error code.
    constexpr u32 with_error = 1u << 8 | 0x1fu << 10 | 1u << 17 | 1u << 21;
    machine::TrapGate const& gate = v.arch->traps[vector];
    std::optional<u32> code;
    if (vector < 32 && (with_error >> vector & 1) != 0)
        code = error;
    bounce(v, f, {gate.address, gate.masks_events}, code);
}

void inject_gp(Vcpu& v, arch::Frame& f) {
    reflect(v, f, 13, 0);
}

namespace {

inline void upcall(Vcpu& v, arch::Frame& f) {
    ++v.upcalls;
    trace::note(trace::Kind::upcall, v, v.arch->event.address);
    bounce_with(v, f, {v.arch->event.address, true});
}

}  // namespace

void deliver_pending(Vcpu& v, arch::Frame& f) {
    VcpuState& s = *v.arch;
    if (!s.nmi_blocked && s.nmi_pending.load(std::memory_order_relaxed)) {
        s.nmi_pending.store(false);
        s.nmi_blocked = true;
        machine::TrapGate const& gate = s.traps[2];
        bounce(v, f, {s.nmi.address != 0 ? s.nmi.address : gate.address, true});
        return;
    }
    if (evtchn::deliverable(v))
        upcall(v, f);
}

}  // namespace pv

// On the way to a guest, with nothing to do but an upcall.
extern "C" void deliver_event(arch::Frame* f) {
    pv::upcall(*machine::current(), *f);
}

namespace pv {

void toggle_mode(Vcpu& v) {
    asm volatile("swapgs" ::: "memory");
    v.arch->kernel_mode = !v.arch->kernel_mode;
    arch::load_root(v);
}

}  // namespace pv

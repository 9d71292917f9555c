// SPDX-License-Identifier: MIT
// EX-8 CP-4 SC-2: a vcpu begins with what its context says and with nothing that
// another one left on the CPU
#include "tests/guest/registers/fresh.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <utility>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "tests/guest/registers/probe.hpp"
#include "tests/guest/verdict.hpp"

namespace {

using namespace rt;
using namespace probe;

constexpr VcpuId fresh{1};
constexpr std::array<u64, 3> bases{0x1234'5000, 0x2345'6000, 0x3456'7000};  // FS, GS, the other GS

// What the fresh vcpu finds; the kit, which CHECK uses, belongs to the first one.
struct Found {
    std::array<u64, 3> bases;
    std::array<u64, 4> breakpoints;
    u64 status, control;
} found;
std::atomic<bool> done{false};

u64 debug_register(u64 number) {
    return static_cast<u64>(hypercall::raw(__HYPERVISOR_get_debugreg, number));
}

void look() {
    for (u32 n = 0; n < bases.size(); ++n) {
        u32 low = 0, high = 0;
        asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0xc0000100 + n));
        found.bases[n] = u64{high} << 32 | low;
    }
    for (u64 n = 0; n < found.breakpoints.size(); ++n)
        found.breakpoints[n] = debug_register(n);
    found.status = debug_register(6);
    found.control = debug_register(7);
    if (!vectors_are_wide)
        return;
    turn_whole_vectors_on();
    note_vectors();
}

void describe(vcpu_guest_context_t& c) {
    auto& r = c.user_regs;
    u64 const* const v = registers_before;
    r.rax = v[rax], r.rbx = v[rbx], r.rcx = v[rcx], r.rdx = v[rdx], r.rsi = v[rsi], r.rdi = v[rdi];
    r.rbp = v[rbp], r.r8 = v[r8], r.r9 = v[r9], r.r10 = v[r10], r.r11 = v[r11];
    r.r12 = v[r12], r.r13 = v[r13], r.r14 = v[r14], r.r15 = v[r15];
    c.flags = VGCF_in_kernel;
    r.rip = reinterpret_cast<u64>(&fresh_entry);
    r.cs = FLAT_KERNEL_CS;
    r.ss = FLAT_KERNEL_SS;
    c.kernel_ss = FLAT_KERNEL_SS;
    c.fs_base = bases[0], c.gs_base_kernel = bases[1], c.gs_base_user = bases[2];
    c.ctrlreg[3] = maddr_of(mfn_of(reinterpret_cast<void const*>(rt::start_info().pt_base))).raw();
}

// SC-2 DT-4: no address is taken that the CPU could not have in its place, and the next context may be better
void check_refused_contexts(vcpu_guest_context_t& c) {
    for (xen_ulong_t* const place : {&c.user_regs.rip, &c.fs_base, &c.gs_base_kernel, &c.gs_base_user,
                                     &c.event_callback_eip, &c.failsafe_callback_eip, &c.syscall_callback_eip,
                                     &c.trap_ctxt[0].address, &c.trap_ctxt[255].address})
        for (u64 const nowhere : {u64{1} << 47, (~u64{0} << 47) - 1, u64{1} << 63}) {
            xen_ulong_t const good = std::exchange(*place, nowhere);
            CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_initialise, fresh, c), Errno::inval);
            *place = good;
        }
    c.ldt_base = u64{1} << 47;
    c.ldt_ents = 1;
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_initialise, fresh, c), Errno::inval);
    c.ldt_base = c.ldt_ents = 0;
    CHECK(!hypercall::vcpu_op(VCPUOP_up, fresh).has_value());
}

// The vcpu that gives the CPU away leaves other values in all registers.
void wait_with_full_registers() {
    do {
        fill(8);
        registers_before[rax] = __HYPERVISOR_sched_op;
        registers_before[rdi] = SCHEDOP_yield;
        probe_hypercall();
    } while (!done.load());
}

bool no_breakpoint_is_set() {
    return std::ranges::all_of(found.breakpoints, [](u64 at) { return at == 0; }) &&
           (found.status & 0xf) == 0 && (found.control & 0xff) == 0;
}

bool high_halves_are_zero() {
    for (usize n = 0; n < 16; ++n)
        if (std::any_of(&vectors_fresh[n * 32 + 16], &vectors_fresh[n * 32 + 32],
                        [](u8 b) { return b != 0; }))
            return false;
    return true;
}

void check_first_vcpu() {
    Registers expected{};
    expected[rsi] = hypercall::address(&rt::start_info());
    CHECK(alike(registers_at_start, expected, 0));
    CHECK(floating_is_fresh(floating_at_start));
}

void check_further_vcpu() {
    auto const context = std::make_unique<vcpu_guest_context_t>();
    fill(4);
    describe(*context);
    Registers given;
    std::ranges::copy(registers_before, given);
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, 1, 0x5a5a000), 0);
    check_refused_contexts(*context);
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_initialise, fresh, *context), 0);
    CHECK_ANSWER(hypercall::vcpu_op(VCPUOP_up, fresh), 0);
    wait_with_full_registers();
    CHECK_ANSWER(hypercall::raw(__HYPERVISOR_set_debugreg, 1, 0), 0);
    CHECK(alike(registers_fresh, given, 0));
    CHECK(floating_is_fresh(floating_fresh));
    CHECK(found.bases == bases);
    CHECK(no_breakpoint_is_set());
    CHECK(!vectors_are_wide || high_halves_are_zero());
}

}  // namespace

extern "C" [[noreturn]] void fresh_vcpu() {
    look();
    done.store(true);
    for (;;)
        static_cast<void>(hypercall::vcpu_op(VCPUOP_down, fresh).has_value());
}

void check_fresh() {
    check_first_vcpu();
    if (hypercall::vcpu_op(VCPUOP_is_up, fresh))
        check_further_vcpu();
}

// SPDX-License-Identifier: MIT
#include <array>

#include "arch/cpu/control_regs.hpp"
#include "guest-pv/rt/cpu/exception.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "tests/guest/hostile/attacks.hpp"
#include "tests/guest/verdict.hpp"

extern "C" {
u64 iret_by(iret_context const* frame);
void landed();
void landed_by_failsafe();
void landed_by_fault();
}

namespace hostile {
namespace {

using namespace rt;
namespace f = arch::flags;

constexpr u64 by_fault = 0, by_failsafe = 1;
alignas(16) std::array<u64, 512> stack;

// With the CPU's own selectors, and the privilege that says: stay in the kernel.
iret_context good_frame() {
    iret_context frame{};
    frame.rip = reinterpret_cast<u64>(&landed);
    frame.cs = FLAT_KERNEL_CS & ~3u;
    frame.rflags = f::fixed;  // events stay masked
    frame.rsp = reinterpret_cast<u64>(stack.data() + stack.size());
    frame.ss = FLAT_KERNEL_SS;
    return frame;
}

// EX-5: a guest runs with interrupts and without I/O privilege
bool is_safe(u64 how) {
    return how <= by_failsafe || (how & (f::if_ | f::iopl | f::vm)) == f::if_;
}

// DT-2 EX-7: any code or stack segment, but those that leave the kernel, or 64-bit mode
void try_selectors() {
    unsigned landings = 0, unsafe = 0;
    for (u64 selector = 0; selector < 0x10000; ++selector) {
        bool const leaves = (selector & 3) == 3 || (selector | 3) == FLAT_RING3_CS32;
        for (bool const code : {true, false}) {
            if (code && leaves)
                continue;
            iret_context frame = good_frame();
            (code ? frame.cs : frame.ss) = selector;
            u64 const how = iret_by(&frame);
            unsafe += !is_safe(how);
            landings += how > by_failsafe;
        }
    }
    CHECK(unsafe == 0);
    CHECK(landings != 0);
}

// EX-5: one flag after the other, and all of them; but events and single steps
void try_flags() {
    unsigned unsafe = 0;
    for (u64 const flags : {f::iopl, f::nt, f::rf, f::vm, f::ac, f::vif, f::vip, f::id, f::df, ~u64{0}}) {
        iret_context frame = good_frame();
        frame.rflags = f::fixed | (flags & ~(f::if_ | f::tf));
        unsafe += !is_safe(iret_by(&frame));
    }
    CHECK(unsafe == 0);
}

// EX-1 EX-3: to and with addresses that are nobody's, or the hypervisor's
void try_addresses() {
    for (u64 const nowhere : {u64{0}, u64{1} << 46, u64{1} << 47, ~u64{0} << 47, u64{0xffff830000000000},
                              u64{0xffff828000000000}, u64{1} << 63, ~u64{0}}) {
        iret_context frame = good_frame();
        frame.rip = nowhere;
        CHECK(iret_by(&frame) <= by_failsafe);
        frame = good_frame();
        frame.rsp = nowhere;
        CHECK(is_safe(iret_by(&frame)));
    }
}

bool come_back(Registers& r) {
    r.rip = reinterpret_cast<u64>(&landed_by_fault);
    return true;
}

}  // namespace

void attack_by_iret() {
    callback_register_t callback{};
    callback.type = CALLBACKTYPE_failsafe;
    callback.address = reinterpret_cast<u64>(&landed_by_failsafe);
    CHECK_ANSWER(hypercall::callback_op(CALLBACKOP_register, callback), 0);
    for (u8 const vector : std::array<u8, 4>{11, 12, 13, 14})
        on_exception(Vector{vector}, come_back);
    try_selectors();
    try_flags();
    try_addresses();
}

}  // namespace hostile

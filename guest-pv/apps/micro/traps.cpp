// SPDX-License-Identifier: MIT
// Exceptions and system calls there and back, with the shortest handlers.
#include <array>

#include "guest-pv/apps/micro/measure.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/pages.hpp"

extern "C" {
void micro_breakpoint();
void micro_page_fault();
void micro_touch(u64 address);
void micro_syscall();
u64 micro_user_syscalls(u64 rounds);
}

namespace micro {
namespace {

using namespace rt;

template <class F>
u64 address_of(F* function) {
    return hypercall::address(reinterpret_cast<void const*>(function));
}

bool take_over() {
    std::array<trap_info_t, 3> const handlers{{
        {.vector = 3, .flags = 3, .cs = FLAT_KERNEL_CS, .address = address_of(&micro_breakpoint)},
        {.vector = 14, .flags = 0, .cs = FLAT_KERNEL_CS, .address = address_of(&micro_page_fault)},
        {},
    }};
    callback_register_t syscall{};
    syscall.type = CALLBACKTYPE_syscall;
    syscall.flags = CALLBACKF_mask_events;
    syscall.address = address_of(&micro_syscall);
    return hypercall::set_trap_table(handlers.data()) && hypercall::callback_op(CALLBACKOP_register, syscall);
}

// The address space of the guest's kernel serves as its user's as well.
bool share_root() {
    mmuext_op_t op{};
    op.cmd = MMUEXT_NEW_USER_BASEPTR;
    op.arg1.mfn = mfn_of(reinterpret_cast<void const*>(rt::start_info().pt_base)).raw();
    return bool{hypercall::mmuext_op({&op, 1})};
}

}  // namespace

void traps() {
    if (!take_over() || !share_root())
        return;
    measure("exception_roundtrip", [] { asm volatile("int3" ::: "memory"); });
    measure("page_fault_roundtrip", [] { micro_touch(0); });
    print("guest_syscall_roundtrip", micro_user_syscalls(rounds) - rounds * overhead(), rounds);
}

}  // namespace micro

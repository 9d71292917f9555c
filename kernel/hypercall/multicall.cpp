// SPDX-License-Identifier: MIT
// Several hypercalls for the price of one entry. Each has the checks of a
// single call; an element that must be restarted keeps its progress in its own
// arguments, and the whole call starts again from there (HC-6).
#include <cstddef>

#include "kernel/hypercall/dispatch.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {
namespace {

// Calls that leave the guest kernel, or nest.
constexpr bool allowed_inside(u64 op) {
    return op != __HYPERVISOR_iret && op != __HYPERVISOR_multicall;
}

Result<> store_args(GuestPtr<multicall_entry_t> list, u64 i, Args const& args) {
    return list.store_member(i, offsetof(multicall_entry_t, args), args);
}

// One element. restart: it wants to be continued, its arguments say where.
Result<> run_entry(Vcpu& v, GuestPtr<multicall_entry_t> list, u64 i) {
    multicall_entry_t const entry = TRY(list.fetch(i));
    u64 result = static_cast<u64>(-static_cast<s64>(Errno::inval));
    if (allowed_inside(entry.op)) {
        Args args{entry.args[0], entry.args[1], entry.args[2], entry.args[3], entry.args[4], entry.args[5]};
        Outcome const outcome = dispatch(v, entry.op, args);
        if (outcome.restart) {
            TRY_VOID(store_args(list, i, args));
            return Fail{Errno::restart};
        }
        result = outcome.value;
    }
    return list.store_member(i, offsetof(multicall_entry_t, result), result);
}

}  // namespace

Answer multicall(Vcpu& v, GuestPtr<multicall_entry_t> list, u32 count) {
    constexpr u32 between_checks = 16;
    for (u32 i = 0; i < count; ++i) {
        if (i != 0 && i % between_checks == 0 && machine::preempt_pending()) {
            continue_with_args((list + i).raw(), count - i);
            return Fail{Errno::restart};
        }
        auto const done = run_entry(v, list, i);
        if (!done && done.error() == Errno::restart)
            continue_with_args((list + i).raw(), count - i);
        TRY_VOID(done);
        if (v.domain.life.load(std::memory_order_relaxed) != Domain::Life::running)
            return 0;
    }
    return 0;
}

}  // namespace hypercall

// SPDX-License-Identifier: MIT
// Several hypercalls for the price of one entry. Each has the checks of a
// single call; an element that must be restarted keeps its progress in its own
// arguments, and the whole call starts again from there (HC-6).
#include <cstddef>

#include "kernel/hypercall/dispatch.hpp"
#include "kernel/hypercall/handlers.hpp"

namespace hypercall {
namespace {

// multicall_entry_t with its arguments as the dispatcher wants them.
struct Element {
    u64 op;
    u64 result;
    Args args;
};
static_assert(sizeof(Element) == sizeof(multicall_entry_t));
static_assert(offsetof(Element, result) == offsetof(multicall_entry_t, result));
static_assert(offsetof(Element, args) == offsetof(multicall_entry_t, args));

// Calls that leave the guest kernel, or nest.
constexpr bool allowed_inside(u64 op) {
    return op != __HYPERVISOR_iret && op != __HYPERVISOR_multicall;
}

// One element. restart: it wants to be continued, its arguments say where.
Result<> run_element(Vcpu& v, GuestPtr<Element> at) {
    Element e;
    TRY_VOID(at.fetch_into(&e, 1));
    u64 result = static_cast<u64>(-static_cast<s64>(Errno::inval));
    if (allowed_inside(e.op)) {
        Outcome const outcome = dispatch(v, e.op, e.args);
        if (outcome.restart) {
            TRY_VOID(at.store_member(0, offsetof(Element, args), e.args));
            return Fail{Errno::restart};
        }
        result = outcome.value;
    }
    return at.store_member(0, offsetof(Element, result), result);
}

}  // namespace

Answer multicall(Vcpu& v, GuestPtr<multicall_entry_t> entries, u32 count) {
    constexpr u32 between_checks = 16;
    auto const list = entries.as<Element>();
    for (u32 i = 0; i < count; ++i) {
        if (i != 0 && i % between_checks == 0 && machine::preempt_pending()) {
            continue_with_args((list + i).raw(), count - i);
            return Fail{Errno::restart};
        }
        auto const done = run_element(v, list + i);
        if (!done && done.error() == Errno::restart)
            continue_with_args((list + i).raw(), count - i);
        TRY_VOID(done);
        if (v.domain.life.load(std::memory_order_relaxed) != Domain::Life::running)
            return 0;
    }
    return 0;
}

}  // namespace hypercall

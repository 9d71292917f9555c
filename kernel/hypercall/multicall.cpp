// SPDX-License-Identifier: MIT
// Several hypercalls for the price of one entry. Each has the checks of a
// single call; an element that must be restarted keeps its progress in its own
// arguments, and the whole call starts again from there (HC-6).
#include <cstddef>

#include "kernel/hypercall/dispatch.hpp"

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

// Calls that leave the guest kernel, or nest, are not.
constexpr bool allowed_inside(u64 op) {
    return op != __HYPERVISOR_iret && op != __HYPERVISOR_multicall;
}

// How much of the way to the next look at who waits an element goes: those that
// work on lists may do as much as is allowed without one, each.
constexpr u32 between_looks = 16;
constexpr u64 with_lists = u64{1} << __HYPERVISOR_set_trap_table | u64{1} << __HYPERVISOR_mmu_update |
                           u64{1} << __HYPERVISOR_set_gdt | u64{1} << __HYPERVISOR_memory_op |
                           u64{1} << __HYPERVISOR_console_io | u64{1} << __HYPERVISOR_grant_table_op |
                           u64{1} << __HYPERVISOR_vcpu_op | u64{1} << __HYPERVISOR_mmuext_op |
                           u64{1} << __HYPERVISOR_event_channel_op | u64{1} << __HYPERVISOR_sysctl |
                           u64{1} << __HYPERVISOR_domctl | u64{1} << __HYPERVISOR_arch_0;
constexpr u32 share_of_stretch(u64 op) {
    return (with_lists >> op % 64 & 1) != 0 ? between_looks : 1;
}

Answer not_inside(Vcpu&, u64, u64, u64, u64, u64) {
    return Fail{Errno::inval};
}

// What a failed element gets as its result. restart: it wants to be continued,
// its arguments say where.
Result<u64> settle_element(Vcpu& v, GuestSpan<Element> list, u32 i, Element& e, Errno error) {
    Outcome const outcome = settle_failed(v, e.op, error, e.args);
    if (!outcome.restart)
        return outcome.value;
    TRY_VOID(list.store_member(i, offsetof(Element, args), e.args));
    return Fail{Errno::restart};
}

// Adds to `done` what it counts for.
inline Result<> run_element(Vcpu& v, GuestSpan<Element> list, u32 i, u32& done) {
    Element e = TRY(list.fetch(i));
    done += share_of_stretch(e.op);
    Handler const handler = allowed_inside(e.op) ? find(v, e.op) : not_inside;
    Answer const r = handler(v, e.args[0], e.args[1], e.args[2], e.args[3], e.args[4]);
    u64 const result = r ? static_cast<u64>(*r) : TRY(settle_element(v, list, i, e, r.error()));
    return list.store_member(i, offsetof(Element, result), result);
}

}  // namespace

Answer multicall(Vcpu& v, GuestPtr<multicall_entry_t> entries, u32 count) {
    auto const list = TRY(entries.as<Element>().span(count));
    u32 since_look = 0;
    for (u32 i = 0; i < count; ++i) {
        Result<> r;
        bool const look = since_look >= between_looks;
        if (look)
            since_look = 0;
        if (look && machine::preempt_pending())
            r = Fail{Errno::restart};
        else
            r = run_element(v, list, i, since_look);
        if (r == Fail{Errno::restart})
            continue_with_args((entries + i).raw(), count - i);
        TRY_VOID(r);
        if (v.domain.life.load(std::memory_order_relaxed) != Domain::Life::running)
            return 0;
    }
    return 0;
}

}  // namespace hypercall

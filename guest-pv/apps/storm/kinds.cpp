// SPDX-License-Identifier: MIT
// What a round is answered does not matter here: it is asked for its cost.
#include "guest-pv/apps/storm/kinds.hpp"

#include <algorithm>
#include <array>

#include "guest-pv/rt/event/bits.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/time.hpp"

namespace storm {
namespace {

using namespace rt;
using rt::hypercall::raw;

// Flushes reach every CPU that runs one of our vcpus, which may be a neighbour's
// when it gets there.
void calls(u32) {
    std::array<multicall_entry_t, 32> batch{};
    mmuext_op_t flush{};
    flush.cmd = MMUEXT_TLB_FLUSH_ALL;
    for (auto& call : batch)
        call = {.op = __HYPERVISOR_mmuext_op,
                .result = 0,
                .args = {hypercall::address(&flush), 1, 0, DOMID_SELF}};
    raw(__HYPERVISOR_multicall, hypercall::address(batch.data()), batch.size());
}

// Of vcpu 0, which may be asleep. Masked: it is waited for, not delivered.
EvtchnPort port_of_first() {
    static u32 const port = [] {
        evtchn_bind_ipi_t bind{.vcpu = 0, .port = 0};
        raw(__HYPERVISOR_event_channel_op, EVTCHNOP_bind_ipi, hypercall::address(&bind));
        mask_port(EvtchnPort{bind.port});
        return bind.port;
    }();
    return EvtchnPort{port};
}

void events(u32) {
    evtchn_send_t send{.port = port_of_first().raw()};
    raw(__HYPERVISOR_event_channel_op, EVTCHNOP_send, hypercall::address(&send));
}

void yields(u32) {
    raw(__HYPERVISOR_sched_op, SCHEDOP_yield);
}

// Asleep until something happens, an instant at most, again and again: who wakes
// up goes first for a while.
void timers(u32) {
    evtchn_port_t port = port_of_first().raw();
    sched_poll_t poll{};
    set_xen_guest_handle(poll.ports, &port);
    poll.nr_ports = 1;
    poll.timeout = static_cast<u64>(now() + microsecond);
    raw(__HYPERVISOR_sched_op, SCHEDOP_poll, hypercall::address(&poll));
    clear_port(port_of_first());
}

struct Named {
    std::string_view name;
    Kind kind;
};
constexpr std::array<Named, 4> all{
    {{"timers", timers}, {"events", events}, {"calls", calls}, {"yields", yields}}};

}  // namespace

Kind kind_named(std::string_view name) {
    auto const found = std::ranges::find(all, name, &Named::name);
    return found == all.end() ? nullptr : found->kind;
}

}  // namespace storm

// SPDX-License-Identifier: MIT
// Timers, other vcpus, and the scheduler. What would stop a worker for good is
// left out, except that others may take it down: the first vcpu sees to that.
#include <array>

#include "guest-pv/apps/havoc/rules.hpp"
#include "guest-pv/apps/havoc/world.hpp"
#include "guest-pv/rt/time.hpp"

namespace havoc {
namespace {

using namespace rt;

void set_timer(Worker& w, Random& r) {
    if (r.once_in(2)) {
        w.call(__HYPERVISOR_set_timer_op, time(r));
        return;
    }
    std::array<u64, 2> const words{time(r), r.below(4)};
    u64 const op = r.one_of({VCPUOP_set_periodic_timer, VCPUOP_stop_periodic_timer,
                             VCPUOP_set_singleshot_timer, VCPUOP_stop_singleshot_timer});
    w.call(__HYPERVISOR_vcpu_op, op, r.once_in(2) ? w.id() : vcpu(r), w.put(r, std::span<u64 const>{words}));
}

void register_area(Worker& w, Random& r) {
    u64 const op = r.one_of({VCPUOP_register_runstate_memory_area, VCPUOP_register_vcpu_time_memory_area});
    w.call(__HYPERVISOR_vcpu_op, op, vcpu(r), w.put(r, address(r)));
}

// The first vcpu needs its own where it is.
void register_vcpu_info(Worker& w, Random& r) {
    std::array<u64, 2> const words{frame_or_table(r), r.once_in(2) ? r.below(64) * 64 : r.wild()};
    w.call(__HYPERVISOR_vcpu_op, VCPUOP_register_vcpu_info, vcpu(r) | 1,
           w.put(r, std::span<u64 const>{words}));
}

void ask(Worker& w, Random& r) {
    u64 const op = r.one_of({VCPUOP_is_up, VCPUOP_get_runstate_info, VCPUOP_get_physid, VCPUOP_send_nmi});
    u64 const at =
        r.once_in(4) ? hostile_address(r) : hypercall::address(w.room(r, sizeof(vcpu_runstate_info_t)));
    w.call(__HYPERVISOR_vcpu_op, op, op == VCPUOP_send_nmi ? world().workers + 1 : vcpu(r), at);
}

void take_down(Worker& w, Random& r) {
    u64 const which = vcpu(r);
    if (which != 0)
        w.call(__HYPERVISOR_vcpu_op, VCPUOP_down, which, 0);
}

// Those behind the workers never run, whatever they were given.
void set_up(Worker& w, Random& r) {
    vcpu_guest_context_t c{};
    c.flags = static_cast<u32>(r.once_in(2) ? VGCF_in_kernel : r.wild());
    c.user_regs.rip = address(r);
    c.user_regs.cs = static_cast<u16>(r.once_in(2) ? FLAT_KERNEL_CS : r.wild());
    c.user_regs.ss = static_cast<u16>(r.once_in(2) ? FLAT_KERNEL_SS : r.wild());
    c.user_regs.rflags = r.wild();
    c.kernel_ss = c.user_regs.ss;
    c.ldt_base = address(r);
    c.ldt_ents = r.once_in(2) ? 0 : count(r);
    c.gdt_ents = r.once_in(2) ? 0 : count(r);
    for (auto& f : std::span{c.gdt_frames})
        f = frame(r);
    c.ctrlreg[3] = frame_or_table(r) << 12;
    c.ctrlreg[1] = r.once_in(2) ? 0 : frame(r) << 12;
    for (auto& d : std::span{c.debugreg})
        d = r.once_in(4) ? r.wild() : 0;
    for (auto* base : {&c.fs_base, &c.gs_base_kernel, &c.gs_base_user})
        *base = address(r);
    u64 const spare = world().workers + 1 + r.below(2);
    w.call(__HYPERVISOR_vcpu_op, VCPUOP_initialise, r.once_in(4) ? vcpu(r) : spare, w.put(r, c));
}

void schedule(Worker& w, Random& r) {
    std::array<u64, 2> const words{r.wild(), r.wild()};
    u64 const op = r.one_of({SCHEDOP_yield, SCHEDOP_remote_shutdown, SCHEDOP_watchdog, 7, 8, 100});
    w.call(__HYPERVISOR_sched_op, op, w.put(r, std::span<u64 const>{words}));
}

// Never for long: what wakes it may have been closed. So it is no other request
// that is read.
void poll(Worker& w, Random& r) {
    std::array<evtchn_port_t, 4> ports{};
    for (auto& p : ports)
        p = static_cast<evtchn_port_t>(port(r));
    sched_poll_t request{};
    request.ports.p = reinterpret_cast<evtchn_port_t*>(w.put(r, std::span<evtchn_port_t const>{ports}));
    request.nr_ports = static_cast<u32>(r.once_in(8) ? count(r) : r.below(5));
    request.timeout =
        r.one_of({u64{1}, static_cast<u64>(rt::now()), static_cast<u64>(rt::now()) + r.below(1 << 16)});
    w.call(__HYPERVISOR_sched_op, SCHEDOP_poll, w.place(r, std::span<sched_poll_t const>{&request, 1}));
}

constexpr std::array rules{
    Weighted{10, set_timer}, Weighted{3, register_area}, Weighted{1, register_vcpu_info}, Weighted{4, ask},
    Weighted{1, take_down},  Weighted{3, set_up},        Weighted{4, schedule},           Weighted{4, poll},
};

}  // namespace

constinit std::span<Weighted const> const time_rules{rules};

}  // namespace havoc

// SPDX-License-Identifier: MIT
// vcpu_op: life of a guest's vcpus, their timers and what they register.
#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/runstate.hpp"
#include "kernel/domain/time.hpp"
#include "kernel/domain/vcpu_info.hpp"
#include "kernel/domain/vcpu_timers.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/sched/sched.hpp"

namespace hypercall {
namespace {

// Several vcpus may want to set up another one. Not a lock: validating its page
// tables opens the interrupt window, so whoever finds it taken comes back later.
class SetUp {
    Domain::VcpuSetUp& place_;
    bool mine_;

  public:
    explicit SetUp(Domain& d) : place_{d.vcpu_set_up}, mine_{!place_.taken.exchange(true)} {}
    SetUp(SetUp const&) = delete;
    SetUp& operator=(SetUp const&) = delete;
    ~SetUp() {
        if (mine_)
            place_.taken.store(false);
    }
    explicit operator bool() const { return mine_; }
    [[nodiscard]] vcpu_guest_context_t& context() const { return place_.context; }
};

Answer initialise(Vcpu& target, GuestPtr<vcpu_guest_context_t> arg) {
    SetUp const turn{target.domain};
    if (!turn)
        return Fail{Errno::restart};
    TRY_VOID(arg.fetch_into(&turn.context(), 1));
    TRY_VOID(machine::vcpu_set_context(target, turn.context()));
    return 0;
}

Answer up(Vcpu& target) {
    if (!target.initialised)
        return Fail{Errno::inval};
    sched::bring_up(target);
    return 0;
}

bool others_are_up(Vcpu const& except) {
    for (Vcpu const* const v : except.domain.all_vcpus())
        if (v != &except && v->sched.up.load())
            return true;
    return false;
}

// Without its last vcpu a guest has ended.
Answer down(Vcpu& target) {
    if (others_are_up(target))
        sched::take_down(target);
    else
        domains::shutdown(target.domain, SHUTDOWN_poweroff);
    return 0;
}

Answer get_runstate(Vcpu& target, GuestPtr<vcpu_runstate_info_t> arg) {
    TRY_VOID(arg.store(domains::runstate(target)));
    return 0;
}

Answer register_runstate(Vcpu& caller, Vcpu& target, GuestPtr<vcpu_register_runstate_memory_area_t> arg) {
    u64 const va = TRY(arg.fetch()).addr.p;
    replace(target.runstate_area,
            va == 0 ? GuestArea{} : TRY(GuestArea::at(caller, Vaddr{va}, sizeof(vcpu_runstate_info_t))));
    domains::publish_runstate(target);
    return 0;
}

Answer register_time(Vcpu& caller, Vcpu& target, GuestPtr<vcpu_register_time_memory_area_t> arg) {
    u64 const va = TRY(arg.fetch()).addr.p;
    replace(target.time_area,
            va == 0 ? GuestArea{} : TRY(GuestArea::at(caller, Vaddr{va}, sizeof(vcpu_time_info_t))));
    domains::publish_time(target);
    return 0;
}

Answer register_info(Vcpu& target, GuestPtr<vcpu_register_vcpu_info_t> arg) {
    vcpu_register_vcpu_info_t const op = TRY(arg.fetch());
    TRY_VOID(domains::register_vcpu_info(target, Mfn{op.mfn}, op.offset));
    return 0;
}

Answer set_periodic(Vcpu& target, GuestPtr<vcpu_set_periodic_timer_t> arg) {
    u64 const period = TRY(arg.fetch()).period_ns;
    if (period < u64{domains::min_period} || period > u64{INT64_MAX} / 2)
        return Fail{Errno::inval};
    domains::set_periodic_timer(target, static_cast<Nanos>(period));
    return 0;
}

Answer set_singleshot(Vcpu& target, GuestPtr<vcpu_set_singleshot_timer_t> arg) {
    u64 const deadline = TRY(arg.fetch()).timeout_abs_ns;
    domains::set_singleshot_timer(target, domains::clamp_deadline(deadline));
    return 0;
}

Answer own_timer_op(Vcpu& target, u32 cmd, GuestPtr<u8> arg) {
    if (cmd == VCPUOP_set_singleshot_timer)
        return set_singleshot(target, arg.as<vcpu_set_singleshot_timer_t>());
    domains::stop_singleshot_timer(target);
    return 0;
}

}  // namespace

Answer vcpu_op(Vcpu& v, u32 cmd, u32 vcpu, GuestPtr<u8> arg) {
    Vcpu* const target = v.domain.vcpu(vcpu);
    if (!target)
        return Fail{Errno::noent};
    switch (cmd) {
        case VCPUOP_initialise:
            return initialise(*target, arg.as<vcpu_guest_context_t>());
        case VCPUOP_up:
            return up(*target);
        case VCPUOP_down:
            return down(*target);
        case VCPUOP_is_up:
            return target->sched.up.load() ? 1 : 0;
        case VCPUOP_get_runstate_info:
            return get_runstate(*target, arg.as<vcpu_runstate_info_t>());
        case VCPUOP_register_runstate_memory_area:
            return register_runstate(v, *target, arg.as<vcpu_register_runstate_memory_area_t>());
        case VCPUOP_set_periodic_timer:
            return set_periodic(*target, arg.as<vcpu_set_periodic_timer_t>());
        case VCPUOP_stop_periodic_timer:
            domains::stop_periodic_timer(*target);
            return 0;
        case VCPUOP_set_singleshot_timer:
        case VCPUOP_stop_singleshot_timer:
            return target == &v ? own_timer_op(v, cmd, arg) : Answer{Fail{Errno::inval}};
        case VCPUOP_register_vcpu_info:
            return register_info(*target, arg.as<vcpu_register_vcpu_info_t>());
        case VCPUOP_send_nmi:
            machine::vcpu_send_nmi(*target);
            return 0;
        case VCPUOP_register_vcpu_time_memory_area:
            return register_time(v, *target, arg.as<vcpu_register_time_memory_area_t>());
        default:
            return Fail{Errno::nosys};
    }
}

}  // namespace hypercall

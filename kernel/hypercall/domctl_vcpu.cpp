// SPDX-License-Identifier: MIT
#include "kernel/domain/lifecycle.hpp"
#include "kernel/domain/runstate.hpp"
#include "kernel/hypercall/domctl.hpp"
#include "kernel/machine/vcpu.hpp"
#include "kernel/mm/guest_ptr.hpp"
#include "kernel/sched/sched.hpp"

namespace hypercall::manage {
namespace {

Result<Vcpu*> vcpu_of(Request const& r, u32 n) {
    Vcpu* const v = r.target->vcpu(n);
    if (!v)
        return Fail{Errno::noent};
    return v;
}

// Keeps a domain from running for as long as its registers are looked at.
class Paused {
    Domain& d_;

  public:
    explicit Paused(Domain& d) : d_{d} { domains::pause(d); }
    Paused(Paused const&) = delete;
    Paused& operator=(Paused const&) = delete;
    ~Paused() { static_cast<void>(domains::unpause(d_).has_value()); }  // it was paused: by us
};

}  // namespace

// All vcpus are made with the domain, so this can only confirm their number.
Result<> set_max_vcpus(Request& r) {
    if (r.op.u.max_vcpus.max != r.target->vcpu_limit)
        return Fail{Errno::inval};
    return {};
}

Result<> set_vcpu_context(Request& r) {
    auto const& q = r.op.u.vcpucontext;
    Vcpu& v = *TRY(vcpu_of(r, q.vcpu));
    if (r.on_self())
        return Fail{Errno::inval};
    auto const context = TRY(guest_ptr<vcpu_guest_context_t const>(q.ctxt).fetch());
    Paused const still{*r.target};
    TRY_VOID(machine::vcpu_set_context(v, context));
    if ((context.flags & VGCF_online) != 0)
        sched::bring_up(v);
    return {};
}

Result<> get_vcpu_context(Request& r) {
    auto const& q = r.op.u.vcpucontext;
    Vcpu& v = *TRY(vcpu_of(r, q.vcpu));
    if (r.on_self())
        return Fail{Errno::inval};
    if (!v.initialised)
        return Fail{Errno::nodata};
    vcpu_guest_context_t context{};
    {
        Paused const still{*r.target};
        machine::vcpu_get_context(v, context);
    }
    return guest_ptr<vcpu_guest_context_t>(q.ctxt).store(context);
}

Result<> get_vcpu_info(Request& r) {
    auto& q = r.op.u.getvcpuinfo;
    Vcpu& v = *TRY(vcpu_of(r, q.vcpu));
    q.online = v.sched.up;
    q.blocked = v.sched.state == sched::State::blocked;
    q.running = v.sched.state == sched::State::running;
    q.cpu_time = domains::runstate(v).time[RUNSTATE_running];
    q.cpu = v.sched.cpu.load().raw();
    return {};
}

Result<> send_trigger(Request& r) {
    auto const& q = r.op.u.sendtrigger;
    if (q.trigger != XEN_DOMCTL_SENDTRIGGER_NMI)
        return Fail{Errno::nosys};
    Vcpu& v = *TRY(vcpu_of(r, q.vcpu));
    if (!v.initialised)
        return Fail{Errno::inval};
    machine::vcpu_send_nmi(v);
    return {};
}

}  // namespace hypercall::manage

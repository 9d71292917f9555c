// SPDX-License-Identifier: MIT
#include <algorithm>

#include "kernel/domain/registry.hpp"
#include "kernel/domain/runstate.hpp"
#include "kernel/hypercall/domctl.hpp"

namespace hypercall::manage {
namespace {

u32 state_flags(Domain& d) {
    using Life = Domain::Life;
    Life const life = d.life.load();
    u32 flags = 0;
    if (life >= Life::dying)
        flags |= XEN_DOMINF_dying;
    if (life == Life::shutdown)
        flags |= XEN_DOMINF_shutdown | (d.shutdown_code.load() & XEN_DOMINF_shutdownmask)
                                           << XEN_DOMINF_shutdownshift;
    if (d.pause_count.load() != 0)
        flags |= XEN_DOMINF_paused;
    // Blocked: there are vcpus, and none has anything to do.
    bool blocked = true;
    for (Vcpu* const v : d.all_vcpus()) {
        if (v->sched.state == sched::State::running)
            flags |= XEN_DOMINF_running;
        if (v->sched.up && v->sched.state != sched::State::blocked)
            blocked = false;
    }
    return blocked ? flags | XEN_DOMINF_blocked : flags;
}

}  // namespace

void fill_info(Domain& d, xen_domctl_getdomaininfo& info) {
    info = {};
    info.domain = d.id.raw();
    info.flags = state_flags(d);
    info.tot_pages = d.memory.pages.lock()->count;
    info.max_pages = d.memory.max_pages;
    info.shared_info_frame = d.shared_info_mfn.raw();
    for (Vcpu* const v : d.all_vcpus()) {
        info.cpu_time += domains::runstate(*v).time[RUNSTATE_running];
        info.nr_online_vcpus += v->sched.up;
    }
    info.max_vcpu_id = d.vcpu_limit == 0 ? XEN_INVALID_MAX_VCPU_ID : d.vcpu_limit - 1;
    info.ssidref = d.ssid;
    std::copy(d.handle.begin(), d.handle.end(), info.handle);
    info.gpaddr_bits = 44;
}

// The ABI has this one look for the next domain when the number is not in use.
Result<> get_domain_info(Request& r) {
    if (r.op.domain >= DOMID_FIRST_RESERVED)
        return Fail{Errno::inval};
    auto const d = domains::next_from(DomId{r.op.domain});
    if (!d)
        return Fail{Errno::srch};
    r.op.domain = d->id.raw();
    fill_info(*d, r.op.u.getdomaininfo);
    return {};
}

Result<> set_handle(Request& r) {
    std::copy_n(r.op.u.setdomainhandle.handle, r.target->handle.size(), r.target->handle.begin());
    return {};
}

}  // namespace hypercall::manage

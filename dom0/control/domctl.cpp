// SPDX-License-Identifier: MIT
#include "dom0/control/domctl.hpp"

#include <algorithm>

#include "dom0/control/sysctl.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/thread/thread.hpp"

namespace control::domctl {
namespace {

xen_domctl command(u32 what, DomId domain) {
    xen_domctl request{};
    request.cmd = what;
    request.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    request.domain = domain.raw();
    return request;
}

Result<> run(xen_domctl& request) {
    TRY_VOID(rt::hypercall::domctl(request));
    return {};
}

Result<> simple(u32 what, DomId domain) {
    auto request = command(what, domain);
    return run(request);
}

// Both of Xen's general schedulers have these two numbers, in this order.
static_assert(offsetof(xen_domctl_sched_credit, cap) == offsetof(xen_domctl_sched_credit2, cap));

Result<xen_domctl> scheduler_command(DomId domain, u32 what) {
    u32 const scheduler = TRY(sysctl::scheduler());
    if (scheduler != XEN_SCHEDULER_CREDIT && scheduler != XEN_SCHEDULER_CREDIT2)
        return Fail{Errno::opnotsupp};
    auto request = command(XEN_DOMCTL_scheduler_op, domain);
    request.u.scheduler_op.sched_id = scheduler;
    request.u.scheduler_op.cmd = what;
    return request;
}

xen_domctl affinity_command(u32 what, DomId domain, VcpuId vcpu, Affinity& masks) {
    auto request = command(what, domain);
    auto& arguments = request.u.vcpuaffinity;
    arguments.vcpu = vcpu.raw();
    arguments.flags = XEN_VCPUAFFINITY_HARD | XEN_VCPUAFFINITY_SOFT;
    arguments.cpumap_hard.nr_bits = arguments.cpumap_soft.nr_bits = 64;
    set_xen_guest_handle(arguments.cpumap_hard.bitmap, reinterpret_cast<u8*>(&masks.hard));
    set_xen_guest_handle(arguments.cpumap_soft.bitmap, reinterpret_cast<u8*>(&masks.soft));
    return request;
}

}  // namespace

Result<DomId> create(Creation const& wanted) {
    auto request = command(XEN_DOMCTL_createdomain, wanted.id);
    auto& create = request.u.createdomain;
    std::ranges::copy(wanted.uuid, create.handle);
    create.max_vcpus = wanted.vcpus;
    create.max_evtchn_port = 4095;  // what two levels of event bits can number
    create.max_grant_frames = static_cast<s32>(wanted.grant_frames);
    create.max_maptrack_frames = static_cast<s32>(wanted.maptrack_frames);
    create.grant_opts = XEN_DOMCTL_GRANT_version(1);
    TRY_VOID(run(request));
    return DomId{request.domain};
}

Result<> assign_function(DomId domain, u8 bus, u8 devfn) {
    auto request = command(XEN_DOMCTL_assign_device, domain);
    request.u.assign_device.dev = XEN_DOMCTL_DEV_PCI;
    request.u.assign_device.u.pci.machine_sbdf = u32{bus} << 8 | devfn;
    return run(request);
}

Result<> destroy(DomId domain) {
    for (;;) {
        auto const done = simple(XEN_DOMCTL_destroydomain, domain);
        bool const more = !done && (done.error() == Errno::restart || done.error() == Errno::again);
        if (!more)
            return done;
        rt::yield();
    }
}

Result<> pause(DomId domain) {
    return simple(XEN_DOMCTL_pausedomain, domain);
}
Result<> unpause(DomId domain) {
    return simple(XEN_DOMCTL_unpausedomain, domain);
}

Result<> set_vcpus(DomId domain, u32 count) {
    auto request = command(XEN_DOMCTL_max_vcpus, domain);
    request.u.max_vcpus.max = count;
    return run(request);
}

Result<> set_native_tsc(DomId domain) {
    constexpr u32 never_emulated = 2;
    auto request = command(XEN_DOMCTL_settscinfo, domain);
    request.u.tsc_info.tsc_mode = never_emulated;
    return run(request);
}

Result<> set_most_memory(DomId domain, u64 kib) {
    auto request = command(XEN_DOMCTL_max_mem, domain);
    request.u.max_mem.max_memkb = kib;
    return run(request);
}

Result<> set_context(DomId domain, VcpuId vcpu, vcpu_guest_context_t& context) {
    auto request = command(XEN_DOMCTL_setvcpucontext, domain);
    request.u.vcpucontext.vcpu = vcpu.raw();
    set_xen_guest_handle(request.u.vcpucontext.ctxt, &context);
    return run(request);
}

Result<> send_nmi(DomId domain, VcpuId vcpu) {
    auto request = command(XEN_DOMCTL_sendtrigger, domain);
    request.u.sendtrigger.trigger = XEN_DOMCTL_SENDTRIGGER_NMI;
    request.u.sendtrigger.vcpu = vcpu.raw();
    return run(request);
}

Result<Info> info(DomId domain) {
    auto request = command(XEN_DOMCTL_getdomaininfo, domain);
    TRY_VOID(run(request));
    // The call answers with the next domain when this one does not exist.
    if (request.u.getdomaininfo.domain != domain.raw())
        return Fail{Errno::srch};
    return request.u.getdomaininfo;
}

std::vector<Info> list() {
    std::vector<Info> found;
    for (DomId next{0}; next.raw() < DOMID_FIRST_RESERVED;) {
        auto request = command(XEN_DOMCTL_getdomaininfo, next);
        if (!run(request) || request.u.getdomaininfo.domain < next.raw())
            return found;
        found.push_back(request.u.getdomaininfo);
        next = DomId{static_cast<u16>(request.u.getdomaininfo.domain + 1)};
    }
    return found;
}

Result<VcpuInfo> vcpu_info(DomId domain, VcpuId vcpu) {
    auto request = command(XEN_DOMCTL_getvcpuinfo, domain);
    request.u.getvcpuinfo.vcpu = vcpu.raw();
    TRY_VOID(run(request));
    return request.u.getvcpuinfo;
}

Result<Affinity> affinity(DomId domain, VcpuId vcpu) {
    Affinity found{0, 0};
    auto request = affinity_command(XEN_DOMCTL_getvcpuaffinity, domain, vcpu, found);
    TRY_VOID(run(request));
    return found;
}

// The hypervisor answers with what of it has effect; nobody asks for that.
Result<> set_affinity(DomId domain, VcpuId vcpu, Affinity wanted) {
    auto request = affinity_command(XEN_DOMCTL_setvcpuaffinity, domain, vcpu, wanted);
    return run(request);
}

Result<Credit> credit(DomId domain) {
    auto request = TRY(scheduler_command(domain, XEN_DOMCTL_SCHEDOP_getinfo));
    TRY_VOID(run(request));
    return Credit{request.u.scheduler_op.u.credit.weight, request.u.scheduler_op.u.credit.cap};
}

Result<> set_credit(DomId domain, Credit credit) {
    auto request = TRY(scheduler_command(domain, XEN_DOMCTL_SCHEDOP_putinfo));
    request.u.scheduler_op.u.credit = {credit.weight, credit.cap};
    return run(request);
}

}  // namespace control::domctl

// SPDX-License-Identifier: MIT
// HC-4: what is told of a domain.
#include <array>

#include "tests/guest/hypercalls/control.hpp"
#include "tests/guest/hypercalls/outputs.hpp"

namespace {

using namespace control;

using About = Parts<xen_domctl>;

void check_domain() {
    check_part<xen_domctl>("a domain", &About::getdomaininfo,
                           [](auto& op, auto&) { return ask_domain(op, XEN_DOMCTL_getdomaininfo); },
                           {info_gap, info_end_gap});
    using VcpuInfo = xen_domctl_getvcpuinfo;
    check_part<xen_domctl>("a vcpu", &About::getvcpuinfo,
                           [](auto& op, auto& q) {
                               q.vcpu = 0;
                               return ask_domain(op, XEN_DOMCTL_getvcpuinfo);
                           },
                           {{offsetof(VcpuInfo, running) + 1, offsetof(VcpuInfo, cpu_time)},
                            {offsetof(VcpuInfo, cpu) + 4, sizeof(VcpuInfo)}});
    using Scheduler = xen_domctl_scheduler_op;
    check_part<xen_domctl>("a domain's share", &About::scheduler_op,
                           [](auto& op, auto& q) {
                               q.sched_id = scheduler();
                               q.cmd = XEN_DOMCTL_SCHEDOP_getinfo;
                               return ask_domain(op, XEN_DOMCTL_scheduler_op);
                           },
                           {{offsetof(Scheduler, u) + sizeof(xen_domctl_sched_credit), sizeof(Scheduler)}});
    check_part<xen_domctl>("width of addresses", &About::address_size,
                           [](auto& op, auto&) { return ask_domain(op, XEN_DOMCTL_get_address_size); }, {});
}

// Of a map no more is written than it has bits.
void check_affinity() {
    using Affinity = xen_domctl_vcpuaffinity;
    Room<std::array<u8, 16>> hard, soft;
    check_part<xen_domctl>("affinity", &About::vcpuaffinity,
                           [&](auto& op, auto& q) {
                               q.vcpu = 0;
                               q.flags = XEN_VCPUAFFINITY_HARD | XEN_VCPUAFFINITY_SOFT;
                               q.cpumap_hard.nr_bits = q.cpumap_soft.nr_bits = 8;
                               set_xen_guest_handle_raw(q.cpumap_hard.bitmap, hard.value().data());
                               set_xen_guest_handle_raw(q.cpumap_soft.bitmap, soft.value().data());
                               return ask_domain(op, XEN_DOMCTL_getvcpuaffinity);
                           },
                           {{offsetof(Affinity, cpumap_hard.nr_bits) + 4, offsetof(Affinity, cpumap_soft)},
                            {offsetof(Affinity, cpumap_soft.nr_bits) + 4, sizeof(Affinity)}});
    for (auto* map : {&hard, &soft})
        CHECK(map->clean_around() && map->clean_in({1, sizeof(map->value())}));
}

void check_types_of_frames() {
    Room<std::array<u64, 4>> frames;
    xen_domctl op{};
    op.u.getpageframeinfo3.num = 1;
    frames.value()[0] = 0;
    set_xen_guest_handle_raw(op.u.getpageframeinfo3.array, frames.value().data());
    CHECK(ask_domain(op, XEN_DOMCTL_getpageframeinfo3) == 0);
    CHECK(frames.value()[0] == XEN_DOMCTL_PFINFO_XTAB);
    CHECK(frames.clean_around() && frames.clean_in({sizeof(u64), sizeof(frames.value())}));
}

}  // namespace

void check_domctl_outputs() {
    check_domain();
    check_affinity();
    check_types_of_frames();
}

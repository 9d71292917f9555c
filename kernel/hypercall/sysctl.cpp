// SPDX-License-Identifier: MIT
// Facts about the machine and its hypervisor, for domains with the control
// privilege.
#include <algorithm>
#include <array>

#include "kernel/abi/control.hpp"
#include "kernel/console/output.hpp"
#include "kernel/domain/registry.hpp"
#include "kernel/domain/runstate.hpp"
#include "kernel/hypercall/domctl.hpp"
#include "kernel/hypercall/handlers.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/mm/frame_alloc.hpp"
#include "kernel/monitor/serial.hpp"
#include "kernel/sched/core.hpp"

namespace hypercall {
namespace {

// Positions are 64 bits wide here and 32 in the ABI: the newest that fits.
u64 widen_position(u32 index, u64 end) {
    u64 const candidate = (end & ~u64{UINT32_MAX}) | index;
    return candidate <= end ? candidate : candidate - (u64{1} << 32);
}

Result<> read_console(xen_sysctl& op) {
    auto& q = op.u.readconsole;
    auto const to = guest_ptr<char>(q.buffer);
    u64 at = q.incremental != 0 ? widen_position(q.index, console::dmesg_end()) : 0;
    u32 done = 0;
    std::array<char, 256> chunk;
    while (done < q.count) {
        auto const got =
            console::read_dmesg(at, std::span{chunk}.first(std::min<usize>(chunk.size(), q.count - done)));
        if (got.count == 0)
            break;
        TRY_VOID(to.store_from(chunk.data(), got.count, done));
        at = got.at + got.count;
        done += static_cast<u32>(got.count);
    }
    if (q.clear != 0)
        console::clear_dmesg();
    q.index = static_cast<u32>(at);
    q.count = done;
    return {};
}

Result<> phys_info(xen_sysctl& op) {
    auto& q = op.u.physinfo;
    q = {};
    q.threads_per_core = 1;
    q.cores_per_socket = machine::online_cpus();
    q.nr_cpus = machine::online_cpus();
    q.max_cpu_id = machine::online_cpus() - 1;
    q.nr_nodes = 1;
    q.cpu_khz = machine::tsc_khz();
    q.capabilities = XEN_SYSCTL_PHYSCAP_pv | XEN_SYSCTL_PHYSCAP_gnttab_v1;
    q.total_pages = mm::total_frame_count();
    q.free_pages = mm::unpromised_frame_count();
    q.max_mfn = mm::max_mfn().raw() - 1;
    return {};
}

Result<> sched_id(xen_sysctl& op) {
    op.u.sched_id.sched_id = XEN_SCHEDULER_CREDIT;
    return {};
}

// What is the same for all domains can be read, not changed.
Result<> scheduler_op(xen_sysctl& op) {
    auto& q = op.u.scheduler_op;
    if (q.cpupool_id != 0 || q.sched_id != XEN_SCHEDULER_CREDIT)
        return Fail{Errno::inval};
    if (q.cmd != XEN_SYSCTL_SCHEDOP_getinfo)
        return Fail{Errno::opnotsupp};
    q.u.sched_credit = {
        .tslice_ms = sched::slice_length / 1'000'000, .ratelimit_us = 0, .vcpu_migr_delay_us = 0};
    return {};
}

Result<> domain_info_list(xen_sysctl& op) {
    auto& q = op.u.getdomaininfolist;
    auto const to = guest_ptr<xen_domctl_getdomaininfo>(q.buffer);
    u32 n = 0;
    u16 id = q.first_domain;
    while (n < q.max_domains) {
        auto const d = domains::next_from(DomId{id});
        if (!d)
            break;
        xen_domctl_getdomaininfo info;
        manage::fill_info(*d, info);
        TRY_VOID(to.store(info, n));
        ++n;
        id = static_cast<u16>(d->id.raw() + 1);
    }
    q.num_domains = n;
    return {};
}

Result<> debug_keys(xen_sysctl& op) {
    auto const& q = op.u.debug_keys;
    std::array<char, 32> keys;
    u32 const n = std::min<u32>(q.nr_keys, keys.size());
    TRY_VOID(guest_ptr<char const>(q.keys).fetch_into(keys.data(), n));
    for (u32 i = 0; i < n; ++i)
        monitor::debug_key(keys[i]);
    return {};
}

// A CPU is idle while no vcpu runs on it; vcpus count where they were last.
u64 busy_time(CpuId cpu) {
    u64 sum = 0;
    domains::for_each([&](Domain& d) {
        for (Vcpu* const v : d.all_vcpus())
            if (v->sched.cpu.load() == cpu)
                sum += domains::runstate(*v).time[RUNSTATE_running];
    });
    return sum;
}

Result<> cpu_info(xen_sysctl& op) {
    auto& q = op.u.getcpuinfo;
    auto const to = guest_ptr<xen_sysctl_cpuinfo>(q.info);
    u32 const n = std::min(q.max_cpus, machine::online_cpus());
    for (u32 cpu = 0; cpu < n; ++cpu) {
        u64 const now = static_cast<u64>(machine::now());
        u64 const busy = std::min(busy_time(CpuId{cpu}), now);
        TRY_VOID(to.store({.idletime = now - busy}, cpu));
    }
    q.nr_cpus = n;
    return {};
}

Result<> available_heap(xen_sysctl& op) {
    op.u.availheap.avail_bytes = mm::unpromised_frame_count() << page_shift;
    return {};
}

// Every CPU is a core of its own in the one socket of the one node.
Result<> cpu_topology(xen_sysctl& op) {
    auto& q = op.u.cputopoinfo;
    auto const to = guest_ptr<xen_sysctl_cputopo>(q.cputopo);
    u32 const cpus = machine::online_cpus();
    if (!to.null())
        for (u32 cpu = 0; cpu < std::min(q.num_cpus, cpus); ++cpu)
            TRY_VOID(to.store({.core = cpu, .socket = 0, .node = 0}, cpu));
    q.num_cpus = cpus;
    return {};
}

Result<> numa_info(xen_sysctl& op) {
    auto& q = op.u.numainfo;
    auto const memory = guest_ptr<xen_sysctl_meminfo>(q.meminfo);
    auto const distance = guest_ptr<u32>(q.distance);
    if (q.num_nodes >= 1 && !memory.null())
        TRY_VOID(memory.store({.memsize = mm::total_frame_count() << page_shift,
                               .memfree = mm::unpromised_frame_count() << page_shift}));
    if (q.num_nodes >= 1 && !distance.null())
        TRY_VOID(distance.store(10));
    q.num_nodes = 1;
    return {};
}

struct Row {
    u32 cmd;
    Result<> (*run)(xen_sysctl&);
};

// What is not here is not supported: ENOSYS.
constexpr std::array table{
    Row{XEN_SYSCTL_readconsole, read_console}, Row{XEN_SYSCTL_physinfo, phys_info},
    Row{XEN_SYSCTL_sched_id, sched_id},        Row{XEN_SYSCTL_getdomaininfolist, domain_info_list},
    Row{XEN_SYSCTL_debug_keys, debug_keys},    Row{XEN_SYSCTL_getcpuinfo, cpu_info},
    Row{XEN_SYSCTL_availheap, available_heap}, Row{XEN_SYSCTL_cputopoinfo, cpu_topology},
    Row{XEN_SYSCTL_numainfo, numa_info},       Row{XEN_SYSCTL_scheduler_op, scheduler_op},
};

}  // namespace

Answer sysctl(Vcpu&, GuestPtr<u8> arg) {
    auto const where = arg.as<xen_sysctl>();
    auto op = TRY(where.fetch());
    if (op.interface_version != XEN_SYSCTL_INTERFACE_VERSION)
        return Fail{Errno::access};
    auto const* const row =
        std::find_if(table.begin(), table.end(), [&](Row const& r) { return r.cmd == op.cmd; });
    if (row == table.end())
        return Fail{Errno::nosys};
    TRY_VOID(row->run(op));
    TRY_VOID(where.store(op));
    return 0;
}

}  // namespace hypercall

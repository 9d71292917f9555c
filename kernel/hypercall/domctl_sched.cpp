// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "kernel/hypercall/domctl.hpp"
#include "kernel/machine/cpu.hpp"
#include "kernel/mm/guest_ptr.hpp"
#include "kernel/sched/sched.hpp"

namespace hypercall::manage {
namespace {

using CpuBytes = std::array<u8, sizeof(u64)>;

usize bytes_for(u32 bits) {
    return bits / 8 + (bits % 8 != 0);
}

Result<u64> read_cpus(xenctl_bitmap const& map) {
    CpuBytes bytes{};
    usize const n = std::min(bytes_for(map.nr_bits), bytes.size());
    TRY_VOID(guest_ptr<u8 const>(map.bitmap).fetch_into(bytes.data(), n));
    u64 cpus = std::bit_cast<u64>(bytes);
    if (map.nr_bits < 64)
        cpus &= (u64{1} << map.nr_bits) - 1;
    return cpus;
}

// The caller's map may be longer than ours: the rest of it is cleared.
Result<> write_cpus(xenctl_bitmap const& map, u64 cpus) {
    constexpr usize longest = 512;
    std::array<u8, longest> bytes{};
    auto const low = std::bit_cast<CpuBytes>(cpus);
    std::copy(low.begin(), low.end(), bytes.begin());
    return guest_ptr<u8>(map.bitmap).store_from(bytes.data(), std::min(bytes_for(map.nr_bits), longest));
}

u64 online_cpus() {
    unsigned const n = machine::online_cpus();
    return n >= 64 ? ~u64{0} : (u64{1} << n) - 1;
}

Result<Vcpu*> vcpu_of(Request const& r) {
    auto const& q = r.op.u.vcpuaffinity;
    constexpr u32 known = XEN_VCPUAFFINITY_HARD | XEN_VCPUAFFINITY_SOFT | XEN_VCPUAFFINITY_FORCE;
    if ((q.flags & ~known) != 0 || (q.flags & (XEN_VCPUAFFINITY_HARD | XEN_VCPUAFFINITY_SOFT)) == 0)
        return Fail{Errno::inval};
    Vcpu* const v = r.target->vcpu(q.vcpu);
    if (!v)
        return Fail{Errno::srch};
    return v;
}

void credit_op(Request const& r, xen_domctl_sched_credit& credit) {
    constexpr u16 keep_cap = UINT16_MAX;
    sched::Share& share = r.target->share;
    if (r.op.u.scheduler_op.cmd == XEN_DOMCTL_SCHEDOP_getinfo) {
        credit.weight = static_cast<u16>(share.weight());
        credit.cap = static_cast<u16>(share.cap());
        return;
    }
    share.set(credit.weight != 0 ? credit.weight : share.weight(),
              credit.cap != keep_cap ? credit.cap : share.cap());
    for (Vcpu* const v : r.target->all_vcpus())
        sched::share_changed(*v);
}

}  // namespace

// What is asked for is kept, and answered with the part of it that has effect.
Result<> set_affinity(Request& r) {
    Vcpu& v = *TRY(vcpu_of(r));
    auto const& q = r.op.u.vcpuaffinity;
    bool const is_hard = (q.flags & XEN_VCPUAFFINITY_HARD) != 0,
               is_soft = (q.flags & XEN_VCPUAFFINITY_SOFT) != 0;
    u64 const hard = is_hard ? TRY(read_cpus(q.cpumap_hard)) : v.sched.affinity.load();
    u64 const soft = is_soft ? TRY(read_cpus(q.cpumap_soft)) : v.sched.preference.load();
    u64 const online = online_cpus();
    if ((hard & online) == 0 || (soft & online) == 0)
        return Fail{Errno::inval};
    sched::set_affinity(v, hard, soft);
    if (is_hard)
        TRY_VOID(write_cpus(q.cpumap_hard, hard & online));
    if (is_soft)
        TRY_VOID(write_cpus(q.cpumap_soft, hard & soft & online));
    return {};
}

Result<> get_affinity(Request& r) {
    Vcpu const& v = *TRY(vcpu_of(r));
    auto const& q = r.op.u.vcpuaffinity;
    if ((q.flags & XEN_VCPUAFFINITY_HARD) != 0)
        TRY_VOID(write_cpus(q.cpumap_hard, v.sched.affinity));
    if ((q.flags & XEN_VCPUAFFINITY_SOFT) != 0)
        TRY_VOID(write_cpus(q.cpumap_soft, v.sched.preference));
    return {};
}

Result<> scheduler_op(Request& r) {
    auto& q = r.op.u.scheduler_op;
    bool const whole_domain = q.cmd == XEN_DOMCTL_SCHEDOP_putinfo || q.cmd == XEN_DOMCTL_SCHEDOP_getinfo;
    if (q.sched_id != XEN_SCHEDULER_CREDIT || !whole_domain)
        return Fail{Errno::inval};
    credit_op(r, q.u.credit);
    return {};
}

}  // namespace hypercall::manage

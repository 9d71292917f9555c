// SPDX-License-Identifier: MIT
// Control of other domains: the commands of domctl.h that the toolstack uses,
// with types.
#pragma once

#include <array>
#include <vector>

#include "kernel/abi/control.hpp"
#include "kernel/base/result.hpp"
#include "kernel/base/types.hpp"

namespace control::domctl {

using Uuid = std::array<u8, sizeof(xen_domain_handle_t)>;

struct Creation {
    Uuid uuid{};
    u32 vcpus = 1;
    u32 grant_frames = 64;
    u32 maptrack_frames = 64;
    DomId id{};  // 0: the hypervisor chooses
};

Result<DomId> create(Creation const& wanted);
// Takes as often as it must: memory is given back in pieces.
Result<> destroy(DomId domain);
Result<> pause(DomId domain);
Result<> unpause(DomId domain);
Result<> set_vcpus(DomId domain, u32 count);
// The guest reads the machine's time-stamp counter, on any machine.
Result<> set_native_tsc(DomId domain);
Result<> set_most_memory(DomId domain, u64 kib);
// Before it has registers. PCI functions that the domain drives itself.
Result<> assign_function(DomId domain, u8 bus, u8 devfn);
Result<> set_context(DomId domain, VcpuId vcpu, vcpu_guest_context_t& context);

// A non-maskable interrupt.
Result<> send_nmi(DomId domain, VcpuId vcpu);

using Info = xen_domctl_getdomaininfo_t;
Result<Info> info(DomId domain);
std::vector<Info> list();

using VcpuInfo = xen_domctl_getvcpuinfo;
Result<VcpuInfo> vcpu_info(DomId domain, VcpuId vcpu);
// Which physical CPUs a virtual one may run on, and which of those it should:
// bit masks.
struct Affinity {
    u64 hard = ~u64{0};
    u64 soft = ~u64{0};
};
Result<Affinity> affinity(DomId domain, VcpuId vcpu);
Result<> set_affinity(DomId domain, VcpuId vcpu, Affinity wanted);

// Share of the processors: weight against others, and a cap in percent.
struct Credit {
    u16 weight = 256;
    u16 cap = 0;
    bool operator==(Credit const&) const = default;
};
Result<Credit> credit(DomId domain);
Result<> set_credit(DomId domain, Credit credit);

}  // namespace control::domctl

// SPDX-License-Identifier: MIT
// Hypercalls that do nothing.
#include <array>

#include "guest-pv/apps/micro/measure.hpp"
#include "guest-pv/rt/hypercall.hpp"

namespace micro {

using namespace rt;

void calls() {
    measure("null_hypercall", [] { hypercall::raw(__HYPERVISOR_xen_version, XENVER_version); });
    static std::array<multicall_entry_t, 64> calls;
    for (auto& c : calls) {
        c = {};
        c.op = __HYPERVISOR_xen_version;
    }
    measure(
        "multicall_entry", [] { (void)hypercall::multicall(calls); }, calls.size());
}

}  // namespace micro

// SPDX-License-Identifier: MIT
// From one vcpu to another on the same CPU: two that yield to each other. The
// yield, a hypercall, is part of it.
#include <array>

#include "guest-pv/apps/micro/measure.hpp"
#include "guest-pv/rt/cpu/start_vcpu.hpp"
#include "guest-pv/rt/hypercall.hpp"

namespace micro {
namespace {

using namespace rt;

constexpr VcpuId other{1};

[[noreturn]] void yield_always(void*) {
    for (;;)
        hypercall::raw(__HYPERVISOR_sched_op, SCHEDOP_yield);
}

}  // namespace

// There and back are two switches.
void switches() {
    alignas(16) static std::array<std::byte, 4096> stack;
    if (!start_vcpu(other, yield_always, nullptr, stack))
        return;  // this guest has one vcpu
    measure(
        "context_switch", [] { hypercall::raw(__HYPERVISOR_sched_op, SCHEDOP_yield); }, 2);
    (void)hypercall::vcpu_op(VCPUOP_down, other);
}

}  // namespace micro

// SPDX-License-Identifier: MIT
// Computes on all its vcpus without a pause, and says how long they ran between
// two points of system time, in milliseconds: `from=` and, that much later,
// `for=`. Several of these with the same two points compete all the time
// between them. Then each powers off.
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/memory/pages.hpp"
#include "guest-pv/rt/time.hpp"

namespace {

using namespace rt;

constexpr u32 most_vcpus = 32;

Nanos option(std::string_view key, Nanos otherwise) {
    auto const text = command_line_option(key);
    Nanos value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value * millisecond : otherwise;
}

[[noreturn]] void spin() {
    for (;;)
        asm volatile("" ::: "memory");
}

// The page tables are those of the first vcpu. Events stay masked, as a vcpu
// starts with.
bool start(VcpuId vcpu) {
    static std::array<std::array<std::byte, 512>, most_vcpus> stacks;
    auto context = std::make_unique<vcpu_guest_context_t>();
    *context = {};
    context->flags = VGCF_in_kernel;
    auto& regs = context->user_regs;
    regs.rip = reinterpret_cast<u64>(&spin);
    regs.rsp = context->kernel_sp = reinterpret_cast<u64>(stacks[vcpu.raw()].end()) - sizeof(u64);
    regs.cs = FLAT_KERNEL_CS;
    regs.ss = FLAT_KERNEL_SS;
    context->kernel_ss = FLAT_KERNEL_SS;
    auto const root = mfn_of(reinterpret_cast<void const*>(rt::start_info().pt_base));
    context->ctrlreg[3] = xen_pfn_to_cr3(root.raw());
    return hypercall::vcpu_op(VCPUOP_initialise, vcpu, *context) && hypercall::vcpu_op(VCPUOP_up, vcpu);
}

Nanos ran(u32 vcpus) {
    u64 sum = 0;
    for (u32 vcpu = 0; vcpu < vcpus; ++vcpu) {
        vcpu_runstate_info_t info{};
        if (hypercall::vcpu_op(VCPUOP_get_runstate_info, VcpuId{vcpu}, info))
            sum += info.time[RUNSTATE_running];
    }
    return static_cast<Nanos>(sum);
}

void wait_until(Nanos time) {
    while (now() < time)
        asm volatile("pause");
}

}  // namespace

int main() {
    u32 vcpus = 1;
    while (vcpus < most_vcpus && start(VcpuId{vcpus}))
        ++vcpus;
    Nanos const from = option("from", now());
    Nanos const span = option("for", second);
    wait_until(from);
    Nanos const begin = now(), before = ran(vcpus);
    wait_until(from + span);
    Nanos const used = ran(vcpus) - before, passed = now() - begin;
    std::printf("burn: %u vcpus ran %ld of %ld us\n", vcpus, used / microsecond, passed / microsecond);
    // Nobody else shall have more than before while others still read the clock.
    wait_until(from + span + span / 4);
    return 0;
}

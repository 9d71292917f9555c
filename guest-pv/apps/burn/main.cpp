// SPDX-License-Identifier: MIT
// Computes on all its vcpus without a pause, and says how long they ran between
// two points of system time, in milliseconds: `from=` and, that much later,
// `for=`. Several of these with the same two points compete all the time
// between them. Then each powers off.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/cpu/start_vcpu.hpp"
#include "guest-pv/rt/hypercall.hpp"
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

[[noreturn]] void spin(void*) {
    for (;;)
        asm volatile("" ::: "memory");
}

bool start(u32 vcpu) {
    static std::array<std::array<std::byte, 512>, most_vcpus> stacks;
    return start_vcpu(VcpuId{vcpu}, spin, nullptr, stacks[vcpu]).has_value();
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
    while (vcpus < most_vcpus && start(vcpus))
        ++vcpus;
    Nanos const from = std::max(option("from", 0), now());  // late is better than never
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

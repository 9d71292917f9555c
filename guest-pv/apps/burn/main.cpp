// SPDX-License-Identifier: MIT
// Computes on all its vcpus without a pause, and says how long they ran between
// two points of system time, in milliseconds: `from=` and, that much later,
// `for=`; and how often the first one read the clock, which is what it got done.
// Several of these with the same two points compete all the time between them.
// With `times=` it says so for as many such spans. Then each powers off.
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

s64 option(std::string_view key, s64 otherwise) {
    auto const text = command_line_option(key);
    s64 value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value : otherwise;
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

// How often it looked at the clock. Without PAUSE, which would let an emulator
// run the machine's other processors instead.
u64 wait_until(Nanos time) {
    u64 looks = 0;
    while (now() < time)
        ++looks;
    return looks;
}

void measure(u32 vcpus, Nanos until) {
    Nanos const begin = now(), before = ran(vcpus);
    u64 const looks = wait_until(until);
    Nanos const used = ran(vcpus) - before, passed = now() - begin;
    std::printf("burn: %u vcpus ran %ld of %ld us, %lu looks\n", vcpus, used / microsecond,
                passed / microsecond, looks);
}

}  // namespace

int main() {
    u32 vcpus = 1;
    while (vcpus < most_vcpus && start(vcpus))
        ++vcpus;
    Nanos const from = std::max(option("from", 0) * millisecond, now());  // late is better than never
    Nanos const span = option("for", 1000) * millisecond;
    s64 const times = option("times", 1);
    wait_until(from);
    for (s64 n = 1; n <= times; ++n)
        measure(vcpus, from + n * span);
    // Nobody else shall have more than before while others still read the clock.
    wait_until(from + times * span + span / 4);
    return 0;
}

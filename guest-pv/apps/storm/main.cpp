// SPDX-License-Identifier: MIT
// Asks the hypervisor for as much work as it can, on all its vcpus, and never
// ends. Its command line:
//
//     from=N       begins at so many milliseconds of system time (0)
//     kinds=LIST   what vcpus do in turn, of timers,events,calls,yields (all four)
//
// For tests of what its neighbours still get.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>

#include "guest-pv/apps/storm/kinds.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/cpu/start_vcpu.hpp"
#include "guest-pv/rt/hypercall.hpp"
#include "guest-pv/rt/time.hpp"

namespace {

using namespace rt;

constexpr u32 most_vcpus = 8;
constexpr usize stack_bytes = 4096;

struct Worker {
    u32 vcpu = 0;
    storm::Kind kind = nullptr;
};
std::array<Worker, most_vcpus> workers;
alignas(16) std::array<std::array<std::byte, stack_bytes>, most_vcpus> stacks;
Nanos begin = 0;

Nanos option(std::string_view key) {
    auto const text = command_line_option(key);
    Nanos value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// Takes the next name off a list that begins anew at its end.
storm::Kind next_kind(std::string_view& rest, std::string_view list) {
    if (rest.empty())
        rest = list;
    auto const name = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    return storm::kind_named(name);
}

// Asleep until then: others are to have the processor for themselves.
void sleep_until(Nanos time) {
    while (now() < time) {
        sched_poll_t nothing{};
        nothing.timeout = static_cast<u64>(time);
        static_cast<void>(hypercall::sched_op(SCHEDOP_poll, nothing).has_value());
    }
}

[[noreturn]] void work(void* argument) {
    auto const& me = *static_cast<Worker const*>(argument);
    sleep_until(begin);
    for (;;)
        me.kind(me.vcpu);
}

}  // namespace

int main() {
    begin = option("from") * millisecond;
    auto const given = command_line_option("kinds");
    std::string_view const list = given.empty() ? "timers,events,calls,yields" : given;
    std::string_view rest;
    for (u32 vcpu = 0; vcpu < most_vcpus; ++vcpu) {
        workers[vcpu] = {vcpu, next_kind(rest, list)};
        if (!workers[vcpu].kind) {
            std::puts("storm: kinds are timers, events, calls and yields");
            return 1;
        }
        if (vcpu != 0 && !start_vcpu(VcpuId{vcpu}, work, &workers[vcpu], stacks[vcpu]))
            break;
    }
    std::puts("storm: ready");
    work(&workers[0]);
}

// SPDX-License-Identifier: MIT
// Makes hypercalls drawn from a grammar, on all its vcpus but the first, which
// watches. Its command line:
//
//     seed=N       what is drawn; without it, the clock says
//     steps=N      so many of each vcpu, then the end (1000)
//     only=LIST    of these the ones in a list such as 3,10-20
//     then=reboot  ends to be started again, with another seed
//
// The same seed draws the same steps, and a step does the same whichever others
// are done: `scripts/havoc` looks for the fewest that still do harm.
#include <algorithm>
#include <charconv>
#include <cstdarg>
#include <cstdio>

#include "guest-pv/apps/havoc/worker.hpp"
#include "guest-pv/apps/havoc/world.hpp"
#include "guest-pv/rt/boot.hpp"
#include "guest-pv/rt/time.hpp"

namespace {

using namespace havoc;
using rt::hypercall::raw;

constexpr u32 most_workers = 6;
constexpr Nanos look_every = rt::millisecond;
std::array<Worker, most_workers> workers;

// Not by the console's ring, which belongs to what is harmed. Begins a line: who
// knows what stands there.
[[gnu::format(printf, 1, 2)]] void say(char const* format, ...) {
    std::array<char, 160> text{'\n'};
    va_list arguments;
    va_start(arguments, format);
    int const length = std::vsnprintf(text.data() + 1, text.size() - 1, format, arguments);
    va_end(arguments);
    raw(__HYPERVISOR_console_io, CONSOLEIO_write, static_cast<u64>(length) + 1,
        rt::hypercall::address(text.data()));
}

u64 number(char const* name, u64 otherwise) {
    auto const text = rt::command_line_option(name);
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
}

std::optional<Selection> selection() {
    auto const list = rt::command_line_option("only");
    return list.empty() ? Selection::first(number("steps", 1000)) : Selection::parse(list);
}

// One vcpu remains that never runs.
u32 count_workers() {
    u32 vcpus = 1;
    while (vcpus < most_workers + 2 && rt::hypercall::vcpu_op(VCPUOP_is_up, VcpuId{vcpus}))
        ++vcpus;
    return vcpus < 3 ? 0 : vcpus - 2;
}

[[noreturn]] void end(u64 reason) {
    sched_shutdown_t request{.reason = static_cast<unsigned>(reason)};
    for (;;)
        raw(__HYPERVISOR_sched_op, SCHEDOP_shutdown, rt::hypercall::address(&request));
}

void rest() {
    sched_poll_t nothing{};
    nothing.timeout = static_cast<u64>(rt::now() + look_every);
    raw(__HYPERVISOR_sched_op, SCHEDOP_poll, rt::hypercall::address(&nothing));
}

// Workers take each other down.
void wait_for(std::span<Worker> all) {
    while (!std::ranges::all_of(all, &Worker::done)) {
        for (Worker const& w : all)
            if (!w.done())
                raw(__HYPERVISOR_vcpu_op, VCPUOP_up, w.id(), 0);
        rest();
    }
}

[[noreturn]] void report(std::span<Worker const> all, u64 seed) {
    Counts sum;
    for (Worker const& w : all) {
        sum.calls += w.counts().calls;
        sum.refused += w.counts().refused;
        sum.exceptions += w.counts().exceptions;
    }
    bool const unharmed = world().unharmed();
    say("havoc: seed %lu: %lu calls, %lu refused, %lu exceptions, %s\n", seed, sum.calls, sum.refused,
        sum.exceptions, unharmed ? "memory as it was" : "MEMORY WAS WRITTEN TO");
    if (!unharmed)
        end(SHUTDOWN_crash);
    end(rt::command_line_option("then") == "reboot" ? SHUTDOWN_reboot : SHUTDOWN_poweroff);
}

}  // namespace

int main() {
    auto const chosen = selection();
    u32 const count = count_workers();
    if (!chosen || count == 0) {
        std::puts("havoc: needs steps or only=LIST, and three vcpus or more");
        return 1;
    }
    u64 const seed = number("seed", static_cast<u64>(rt::now()));
    if (!World::build(count)) {
        std::puts("havoc: this guest is too small");
        return 1;
    }
    say("havoc: seed %lu on %u vcpus\n", seed, count);
    auto const all = std::span{workers}.first(count);
    for (u32 i = 0; i < count; ++i)
        if (!all[i].start(i + 1, seed, *chosen)) {
            say("havoc: vcpu %u does not start\n", i + 1);
            return 1;
        }
    wait_for(all);
    report(all, seed);
}

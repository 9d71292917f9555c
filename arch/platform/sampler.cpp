// SPDX-License-Identifier: MIT
#include "arch/platform/sampler.hpp"

#include <optional>

#include "arch/cpu/percpu.hpp"
#include "arch/platform/hpet.hpp"
#include "arch/platform/io_apic.hpp"
#include "arch/platform/pirq.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/machine/sampling.hpp"
#include "kernel/profile/profile.hpp"

namespace arch {
namespace {

struct Source {
    hpet::Periodic timer;
    u32 input;
};
constinit std::optional<Source> source;  // while it is in use; changed by one CPU at a time

// The highest input that is nobody's: the low ones are wired on most boards.
Result<u32> claim_one_of(u32 inputs) {
    for (u32 n = 32; n-- > 0;)
        if ((inputs >> n & 1) != 0 && claim_input(n))
            return n;
    return Fail{Errno::nodev};
}

}  // namespace

void take_sample(Frame const& f) {
    CpuLocal const& local = this_cpu_local();
    if ((f.cs & 3) != 0 && local.current)
        profile::sample({local.current->domain.id.raw(), f.rip});
    else if (local.idle_since != 0)
        profile::sample({profile::idle, 0});
    else
        profile::sample({profile::hypervisor, f.rip});
}

}  // namespace arch

namespace machine {

using namespace arch;

Result<> start_sampling(u32 hz) {
    auto const timer = hpet::find_periodic();
    if (!timer)
        return Fail{Errno::nodev};
    u32 const input = TRY(claim_one_of(timer->inputs));
    if (auto const routed = io_apic::route_nmi_to_all(input); !routed) {
        release_input(input);
        return routed;
    }
    source = {*timer, input};
    hpet::begin(*timer, input, hz);
    io_apic::unmask(input);
    return {};
}

void stop_sampling() {
    hpet::end(source->timer);
    release_input(source->input);
    source.reset();
}

}  // namespace machine

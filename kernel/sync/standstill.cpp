// SPDX-License-Identifier: MIT
#include "kernel/sync/standstill.hpp"

#include <atomic>

#include "kernel/machine/cpu.hpp"

namespace {

// free -> gathering (one CPU has the world) -> leaving (all go on) -> free. CPUs
// that come by while others leave do not stay: so `standing` is exact.
enum class Phase : u8 { free, gathering, leaving };
constinit std::atomic<Phase> phase{Phase::free};
constinit std::atomic<u32> standing{0};

bool try_begin() {
    auto expected = Phase::free;
    return phase.compare_exchange_strong(expected, Phase::gathering);
}

}  // namespace

Standstill::Standstill() {
    while (!try_begin()) {
        stand_if_asked();
        machine::relax();
    }
    u32 const others = machine::online_cpus() - 1;
    for (u32 cpu = 0; cpu <= others; ++cpu)
        if (CpuId{cpu} != machine::this_cpu())
            machine::kick(CpuId{cpu});
    while (standing.load() != others)
        machine::relax();
}

Standstill::~Standstill() {
    phase.store(Phase::leaving);
    while (standing.load() != 0)
        machine::relax();
    phase.store(Phase::free);
}

void Standstill::stand_if_asked() {
    if (phase.load(std::memory_order_relaxed) != Phase::gathering) [[likely]]
        return;
    standing.fetch_add(1);
    while (phase.load() == Phase::gathering)
        machine::relax();
    standing.fetch_sub(1);
}

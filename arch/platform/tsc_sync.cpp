// SPDX-License-Identifier: MIT
// Both CPUs take turns, in whatever order, to read their counter and leave the
// reading for the other. Whoever finds a later one than its own is behind.
#include "arch/platform/tsc_sync.hpp"

#include <algorithm>
#include <atomic>

#include "arch/cpu/msr.hpp"
#include "kernel/machine/cpu.hpp"

namespace arch {
namespace {

constexpr unsigned readings = 1000;  // of each CPU, in each round
constexpr unsigned rounds = 5;

constinit std::atomic<u32> arrived{0};

// Both wait here for each other.
void meet() {
    u32 const both = (arrived.fetch_add(1) / 2 + 1) * 2;
    while (arrived.load() < both)
        asm volatile("pause");
}

struct Side {
    std::atomic<u64> behind{0};
};
constinit Side boot_cpu, new_cpu;
constinit std::atomic<bool> reading{false};
constinit u64 latest = 0;  // by whoever holds `reading`

void compare(Side& mine) {
    u64 behind = 0;
    for (unsigned i = 0; i < readings; ++i) {
        while (reading.exchange(true, std::memory_order_acquire))
            asm volatile("pause");
        u64 const here = machine::cycles();
        if (here < latest)
            behind = std::max(behind, latest - here);
        latest = here;
        reading.store(false, std::memory_order_release);
    }
    mine.behind.store(behind);
}

bool agree() {
    return boot_cpu.behind.load() == 0 && new_cpu.behind.load() == 0;
}

template <class Correct>
bool sync(Side& mine, Correct correct) {
    for (unsigned round = 0; round < rounds; ++round) {
        meet();
        compare(mine);
        meet();
        if (agree())
            return true;
        correct();
        meet();
        latest = 0;
    }
    return false;
}

}  // namespace

bool sync_tsc_with_new_cpu() {
    return sync(boot_cpu, [] {});
}

bool sync_tsc_of_new_cpu() {
    return sync(new_cpu, [] {
        u64 const forward = new_cpu.behind.load() - boot_cpu.behind.load();
        wrmsr(Msr::tsc, machine::cycles() + forward);
    });
}

}  // namespace arch

// SPDX-License-Identifier: MIT
// What the CPUs see of each other without a lock. Each bit is changed by its
// own CPU or under its run-queue lock; a reader may be late, never wrong for
// good: whoever adds work looks for idle CPUs after queueing it, and a CPU says
// that it is idle before it looks for work the last time.
#pragma once

#include <array>
#include <atomic>
#include <bit>

#include "kernel/machine/cpu.hpp"

namespace sched {

using CpuMask = u64;  // bit n: physical CPU n
inline constexpr CpuMask all_cpus = ~CpuMask{0};

constexpr CpuMask bit(CpuId cpu) {
    return CpuMask{1} << cpu.raw();
}
constexpr CpuId first_of(CpuMask m) {
    return CpuId{static_cast<u32>(std::countr_zero(m))};
}

class CpuSet {
    std::atomic<CpuMask> bits_{0};

  public:
    [[nodiscard]] CpuMask mask() const { return bits_.load(); }
    [[nodiscard]] bool has(CpuId cpu) const { return (mask() & bit(cpu)) != 0; }
    // The line is shared by all CPUs: written only when something changes.
    void set(CpuId cpu, bool in) {
        if (has(cpu) == in)
            return;
        if (in)
            bits_.fetch_or(bit(cpu));
        else
            bits_.fetch_and(~bit(cpu));
    }
};

namespace cpus {

inline constinit CpuSet known{};    // take part in scheduling
inline constinit CpuSet idle{};     // have nobody to run
inline constinit CpuSet alone{};    // run somebody, without timer, for nobody waits
inline constinit CpuSet waiting{};  // have units that wait for a CPU
// Are asked to choose again. Looked at before each return to a guest.
inline constinit std::array<std::atomic<bool>, machine::max_cpus> due{};

}  // namespace cpus
}  // namespace sched

// SPDX-License-Identifier: MIT
// What the scheduler keeps of one vcpu. Everything here is owned by
// kernel/sched, under the run-queue lock of `cpu` unless said otherwise.
#pragma once

#include <array>
#include <atomic>

#include "kernel/base/types.hpp"

struct Vcpu;

namespace sched {

enum class State : u8 { running, runnable, blocked, offline };  // RUNSTATE_* of the ABI

inline constexpr u32 default_weight = 256;

struct Unit {
    Vcpu* vcpu = nullptr;

    std::atomic<State> state{State::offline};  // for the books; may be read without the lock
    std::atomic<CpuId> cpu{};                  // whose queue it is on, or where it runs
    u64 affinity = ~u64{0};                    // physical CPUs it may use

    // Why it cannot run. Each is set by its own operation.
    std::atomic<bool> up{false};       // VCPUOP_up and not down
    std::atomic<bool> blocked{false};  // waits for wake(); see sched::block
    bool parked = false;               // has used up its cap for now

    bool queued = false;
    bool yielded = false;
    // Its registers are still on a CPU. Cleared when they are saved, without
    // the lock: before that nobody else may run it.
    std::atomic<bool> on_cpu{false};

    u32 weight = default_weight;
    u32 cap = 0;            // percent of one CPU, 0: none
    s64 spent = 0;          // time used, in units of default_weight; see RunQueue
    Nanos boost = 0;        // what is left of the boost it got for waking up
    Nanos charged_at = 0;   // up to here its running time is in `spent`
    Nanos window = 0;       // cap: start of the current window,
    Nanos window_used = 0;  // and what was used in it

    Unit* next = nullptr;
    Unit* prev = nullptr;

    Nanos state_entry = 0;
    std::array<Nanos, 4> time_in{};  // by State, up to state_entry
};

}  // namespace sched

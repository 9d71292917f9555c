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

struct Unit {
    State state = State::offline;
    CpuId cpu{};                        // whose queue it is on, or where it runs
    u64 affinity = ~u64{0};             // physical CPUs it may use
    std::atomic<u32> block_wakeups{0};  // see sched::block
    bool up = false;                    // VCPUOP_up and not down
    bool boosted = false;
    bool yielded = false;
    u32 weight = 256;
    u32 cap = 0;  // percent of one CPU, 0: none
    s64 credit = 0;
    Unit* next = nullptr;
    Unit* prev = nullptr;
    Vcpu* vcpu = nullptr;

    Nanos state_entry = 0;
    std::array<Nanos, 4> time_in{};  // by State
};

}  // namespace sched

// SPDX-License-Identifier: MIT
// What the scheduler keeps of one vcpu. Everything here is owned by
// kernel/sched, under the run-queue lock of `cpu` unless said otherwise.
#pragma once

#include <array>
#include <atomic>

#include "kernel/sched/cpus.hpp"
#include "kernel/sched/share.hpp"

struct Vcpu;

namespace sched {

enum class State : u8 { running, runnable, blocked, offline };  // RUNSTATE_* of the ABI

struct Unit {
    Vcpu* vcpu = nullptr;
    Share* share = nullptr;  // its domain's

    std::atomic<State> state{State::offline};   // for the books; may be read without the lock
    std::atomic<CpuId> cpu{};                   // whose queue it is on, or where it runs
    std::atomic<CpuMask> affinity{all_cpus};    // physical CPUs it may use; read without the lock
    std::atomic<CpuMask> preference{all_cpus};  // of those, where it is put if there is a choice

    // Why it cannot run. Each is set by its own operation.
    std::atomic<bool> up{false};       // VCPUOP_up and not down
    std::atomic<bool> blocked{false};  // waits for wake(); see sched::block
    bool parked = false;               // its domain has used up its cap until the next window

    bool queued = false;
    bool yielded = false;
    // Its registers are still on a CPU. Cleared when they are saved, without
    // the lock: before that nobody else may run it.
    std::atomic<bool> on_cpu{false};

    s64 spent = 0;         // time used, in units of default_weight; see RunQueue
    Nanos boost = 0;       // what is left of the boost it got for waking up
    Nanos charged_at = 0;  // up to here its running time is in `spent`,
    Nanos able_time = 0;   // when share->able_time() was this
    Nanos reserved = 0;    // of its domain's cap; negative: it ran too long

    Unit* next = nullptr;
    Unit* prev = nullptr;

    Nanos state_entry = 0;
    std::array<Nanos, 4> time_in{};  // by State, up to state_entry

    [[nodiscard]] bool may_use(CpuId c) const { return (affinity.load() & bit(c)) != 0; }
};

}  // namespace sched

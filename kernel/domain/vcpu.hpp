// SPDX-License-Identifier: MIT
// A virtual CPU. Registers and all else that the machine defines are behind
// `arch`, a type that only arch/ completes.
#pragma once

#include <atomic>

#include "kernel/abi/xen.hpp"
#include "kernel/base/types.hpp"
#include "kernel/domain/guest_area.hpp"
#include "kernel/domain/refusals.hpp"
#include "kernel/mm/page.hpp"
#include "kernel/sched/unit.hpp"
#include "kernel/sched/timer.hpp"

struct Domain;

namespace machine {
struct VcpuState;
}

struct Vcpu {
    Vcpu(Domain& d, VcpuId n) : domain{d}, id{n} {}

    Domain& domain;
    VcpuId const id;
    machine::VcpuState* arch = nullptr;

    // Where the guest and we exchange event state; never null. Starts inside
    // shared_info, moves once by VCPUOP_register_vcpu_info, which holds the frame.
    vcpu_info_t* info = nullptr;
    TypeRef info_page;  // empty while it lies in shared_info
    bool info_registered = false;

    std::atomic<bool> initialised{false};  // has a context: may be brought up

    // Scheduling state, owned by kernel/sched under its run-queue lock.
    sched::Unit sched;

    // SCHEDOP_poll: which ports may wake it, ~0 for several. Counts only while its
    // bit in Domain::polling is set, and is written by the vcpu alone: another
    // CPU may be late in ending an earlier poll.
    std::atomic<u32> poll_port{0};
    Timer poll_timer;
    Timer single_timer;         // set_timer_op, VCPUOP_set_singleshot_timer
    Timer periodic_timer;       // while it runs
    Nanos period = 10'000'000;  // 0: stopped

    // Registered areas in guest memory; see runstate.hpp and time.hpp.
    LockedGuestArea runstate_area;
    LockedGuestArea time_area;

    // Counts for monitor and figures.
    u64 upcalls = 0;
    u64 hypercalls = 0;
    Refusals refusals;
};

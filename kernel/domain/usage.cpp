// SPDX-License-Identifier: MIT
#include "kernel/domain/usage.hpp"

#include "kernel/machine/cpu.hpp"

namespace domains {

Nanos cpu_time(Vcpu const& v) {
    // Read without the run-queue lock: a figure for people may be one slice off.
    Nanos const booked = v.sched.time_in[static_cast<usize>(sched::State::running)];
    bool const running = v.sched.state == sched::State::running;
    return booked + (running ? machine::now() - v.sched.state_entry : 0);
}

}  // namespace domains

// SPDX-License-Identifier: MIT
// What the scheduler asks of whoever knows vcpus and domains: kernel/domain for
// real ones, unit tests for toy ones. The seam is the linker.
#pragma once

#include "kernel/sched/unit.hpp"

namespace sched::hooks {

Unit& unit_of(Vcpu& v);
// Whether its domain lets it run at all: not paused, not ended.
bool may_run(Vcpu const& v);

// It got, or lost, this CPU. Called without locks.
void entered_cpu(Vcpu& v);
void left_cpu(Vcpu& v);

}  // namespace sched::hooks

// SPDX-License-Identifier: MIT
// What a guest is told about the time its vcpus ran, waited and slept, and the
// work that belongs to a vcpu's coming and going on a CPU.
#pragma once

#include "kernel/domain/domain.hpp"

namespace domains {

// As the ABI has it, with the current state counted up to now.
vcpu_runstate_info runstate(Vcpu& v);
// Brings the registered area up to date, if there is one.
void publish_runstate(Vcpu& v);

// From the scheduler, on the CPU concerned.
void entered_cpu(Vcpu& v);
void left_cpu(Vcpu& v);

}  // namespace domains

// SPDX-License-Identifier: MIT
// What a guest is told about the time its vcpus ran, waited and slept.
#pragma once

#include "kernel/domain/domain.hpp"

namespace domains {

// As the ABI has it, with the current state counted up to now.
vcpu_runstate_info runstate(Vcpu& v);
// Brings the registered area up to date, if there is one.
void publish_runstate(Vcpu& v);

}  // namespace domains

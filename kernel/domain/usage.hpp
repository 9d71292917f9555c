// SPDX-License-Identifier: MIT
// How much of the machine a vcpu has had.
#pragma once

#include "kernel/domain/vcpu.hpp"

namespace domains {

// Time on a CPU since its creation, up to now.
Nanos cpu_time(Vcpu const& v);

}  // namespace domains

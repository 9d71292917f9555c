// SPDX-License-Identifier: MIT
// A vcpu's registers, for people.
#pragma once

#include "kernel/domain/vcpu.hpp"

namespace domains {

// A few lines of log: mode, general registers, page-table root.
void log_registers(Vcpu const& v);

}  // namespace domains

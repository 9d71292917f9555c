// SPDX-License-Identifier: MIT
// A vcpu's registers and what it did last, for people.
#pragma once

#include "kernel/domain/vcpu.hpp"

namespace domains {

// A few lines of log: mode, general registers, page-table root.
void log_registers(Vcpu const& v);
// A line for each of the last hypercalls that were refused.
void log_refusals(Vcpu const& v);
// And for each of the last events of its domain, where there was a trace.
void log_events(Domain const& d);

}  // namespace domains

// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/base/result.hpp"

struct Vcpu;

namespace arch {

// First use of an LDT page: checks and types the frame that the guest's LDT
// address maps there and puts it into this CPU's window. False: let it fault.
bool fault_in_ldt_page(Vcpu& v, unsigned page);

}  // namespace arch

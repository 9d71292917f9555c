// SPDX-License-Identifier: MIT
// The guest's LDT: a range of its linear memory whose frames are checked when
// the CPU first looks at them.
#pragma once

#include "arch/pv/vcpu_state.hpp"

namespace arch {

// Brings page `page` of the LDT into the CPU's window. False when the guest has
// nothing valid there: the fault is the guest's.
bool fault_in_ldt_page(Vcpu& v, unsigned page);
// Takes all of them out again; they come back when they are used.
void forget_ldt_pages(Vcpu& v);

}  // namespace arch

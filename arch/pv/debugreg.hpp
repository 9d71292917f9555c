// SPDX-License-Identifier: MIT
// A vcpu's debug registers (CP-3): breakpoints never reach into the hypervisor,
// and they are in hardware only while their vcpu runs.
#pragma once

#include "arch/pv/vcpu_state.hpp"
#include "kernel/base/result.hpp"

namespace pv {

// perm for an address or a control word that must not be; inval for a register
// that does not exist.
Result<> set_debug_register(Vcpu& v, unsigned reg, u64 value);
Result<u64> get_debug_register(Vcpu const& v, unsigned reg);

void load_debug_registers(Vcpu& v);
void unload_debug_registers(Vcpu& v);
// Merges what hardware says of a #DB into the guest's DR6.
void collect_debug_status(Vcpu& v);

}  // namespace pv

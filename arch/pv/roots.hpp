// SPDX-License-Identifier: MIT
// The two roots of a vcpu's address space, for guest-kernel and guest-user mode.
#pragma once

#include "arch/pv/vcpu_state.hpp"
#include "kernel/base/result.hpp"

namespace arch {

// Takes the new root, loads it if this vcpu is the running one, and only then
// lets the old one go (PT-19). Mappings of LDT pages are forgotten.
// inval: not an L4 of the vcpu's domain. restart: validation stopped half-way.
Result<> set_kernel_root(Vcpu& v, Mfn root);
// The same for guest-user mode; Mfn{0}: none.
Result<> set_user_root(Vcpu& v, Mfn root);

}  // namespace arch

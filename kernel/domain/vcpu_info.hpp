// SPDX-License-Identifier: MIT
// Moving a vcpu's share of the event and time words to a place of the guest's
// choice.
#pragma once

#include "kernel/domain/domain.hpp"

namespace domains {

// Once per vcpu, running or not (HC-9). busy: done before; nxio: not 8-byte
// aligned within one page; inval: not writable memory of its domain.
Result<> register_vcpu_info(Vcpu& v, Mfn frame, u32 offset);

}  // namespace domains

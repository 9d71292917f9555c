// SPDX-License-Identifier: MIT
// FPU and vector state: switched eagerly with the vcpu (D7), XSAVE where the
// CPU has it, FXSAVE else. The hypervisor itself uses none of it.
#pragma once

#include "kernel/base/result.hpp"

namespace arch {

void init_fpu();

// Bytes and frame order of one vcpu's area.
unsigned fpu_area_order();

// A fresh vcpu's state: FCW 0x37f, MXCSR 0x1f80, everything else zero.
void reset_fpu_area(void* area);

void save_fpu(void* area);
// False when the contents were malformed (a toolstack may have written them);
// then the FPU holds the reset state.
bool restore_fpu(void* area);

}  // namespace arch

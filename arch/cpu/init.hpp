// SPDX-License-Identifier: MIT
// Bringing one physical CPU to where it can run guests.
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

// Own GDT, TSS and IDT, so that a fault prints instead of resetting. Needs no
// memory but the image; call first thing on the CPU's main stack.
void init_traps(CpuId cpu, u32 apic_id);

// The rest: descriptor window, syscall entry, control registers, FPU. Needs
// init_paging() and detect_features().
void init_cpu(CpuId cpu);

// The boot CPU changes over to entries for page-table isolation, which is on now.
// The others begin with them.
void isolate_entries(CpuId cpu);

// The real CR4 while a guest runs: our policy, and what of the guest's choice the
// hardware has to know (CP-6).
void load_guest_cr4(u64 wanted);

}  // namespace arch

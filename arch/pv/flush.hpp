// SPDX-License-Identifier: MIT
// The flushes that guests ask for: of vcpus, where they are loaded.
#pragma once

#include "kernel/base/result.hpp"
#include "kernel/domain/domain.hpp"
#include "kernel/machine/memory.hpp"
#include "kernel/mm/guest_ptr.hpp"

namespace arch {

// The CPUs that a guest's bitmap of its vcpus stands for.
Result<machine::CpuMask> cpus_named(Domain const& d, GuestPtr<u64 const> bitmap);
// Only this CPU.
machine::CpuMask local_cpu();

// An address that a guest may ask to flush; others are ignored (TLB-4).
void flush_page(machine::CpuMask cpus, Vaddr va);
// The same on this CPU alone.
void flush_own_page(Vaddr va);

}  // namespace arch

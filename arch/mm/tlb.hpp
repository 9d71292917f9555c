// SPDX-License-Identifier: MIT
// The receiving end of TLB shoot-downs; the asking end is kernel/machine/memory.hpp.
// Only CPUs that have a guest's root loaded are asked.
#pragma once

#include "kernel/base/types.hpp"

namespace arch {

// Flushes if another CPU waits for this one to do so. Called by the interrupt
// and while spinning.
void answer_flush();

// Forgets what this CPU knows of one page of the address space loaded here.
inline void invalidate_page(Vaddr va) {
    asm volatile("invlpg (%0)" ::"r"(va.raw()) : "memory");
}

// Changes this CPU's address space: to a guest's, with the view that the guest
// has of it, or to the hypervisor's own, under which there is nothing to flush.
void enter_guest_root(Maddr root, Maddr view);
void enter_own_root(Maddr root);

}  // namespace arch

// SPDX-License-Identifier: MIT
// Between the parts of kernel/mm only.
#pragma once

#include "kernel/machine/memory.hpp"
#include "kernel/mm/page.hpp"

namespace mm {

// The last reference of a frame is gone: takes it from its owner's list and
// gives it to the allocator.
void end_of_use(PageInfo& p);

// Notes that translations of the frame made until now may linger in TLBs.
inline void stamp(PageInfo& p) {
    p.tlb_stamp.store(machine::tlb_clock(), std::memory_order_relaxed);
}

}  // namespace mm

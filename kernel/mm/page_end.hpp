// SPDX-License-Identifier: MIT
// Between the parts of kernel/mm only.
#pragma once

#include "kernel/machine/memory.hpp"
#include "kernel/mm/page.hpp"

namespace mm {

// The last reference of a frame is gone: takes it from its owner's list and
// gives it to the allocator.
void end_of_use(PageInfo& p);

// A frame without references and off every list goes to the allocator.
void retire(PageInfo& p);

// Makes an unreferenced frame the owner's, on its list; counting it is up to
// the caller. unlist() is the inverse for the list alone.
void assign(PageInfo& p, PageList& list, PageOwner& owner);
void unlist(PageInfo& p, PageList& list);

// Notes that translations of the frame made until now may linger in TLBs.
inline void stamp(PageInfo& p) {
    p.tlb_stamp.store(machine::tlb_clock(), std::memory_order_relaxed);
}

}  // namespace mm

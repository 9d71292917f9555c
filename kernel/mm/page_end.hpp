// SPDX-License-Identifier: MIT
// Between the parts of kernel/mm only.
#pragma once

#include "kernel/mm/page.hpp"

namespace mm {

// A frame without references and off every list goes to the allocator.
void retire(PageInfo& p);

// Makes an unreferenced frame the owner's, on its list; counting it is up to
// the caller. unlist() is the inverse for the list alone.
void assign(PageInfo& p, PageList& list, PageOwner& owner);
void unlist(PageInfo& p, PageList& list);

}  // namespace mm

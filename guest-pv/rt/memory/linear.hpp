// SPDX-License-Identifier: MIT
// The linear map: all memory of this guest at consecutive addresses, and the
// two tables that translate between its numbering and the machine's.
#pragma once

#include <cstddef>

#include "guest-pv/rt/boot/layout.h"
#include "guest-pv/rt/memory/pages.hpp"
#include "kernel/base/types.hpp"

namespace rt {

inline std::byte* linear_address(Pfn pfn) {
    return reinterpret_cast<std::byte*>(RT_LINEAR_BASE + (pfn.raw() << page_shift));
}
inline Pfn pfn_of(void const* address) {
    return Pfn{(reinterpret_cast<u64>(address) - RT_LINEAR_BASE) >> page_shift};
}

// Where this guest maps one of its own frames.
std::byte* linear_address(Mfn frame);

Mfn p2m(Pfn pfn);
// After the frame behind a page of ours was exchanged for another.
void set_p2m(Pfn pfn, Mfn frame);

}  // namespace rt

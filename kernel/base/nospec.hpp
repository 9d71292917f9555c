// SPDX-License-Identifier: MIT
// Array indices from a guest, safe under speculation: even while the CPU runs
// ahead of the bounds check, the index is in range (HC-1).
#pragma once

#include "kernel/base/types.hpp"

namespace nospec {

// `i` when i < n, else 0, computed without a branch. Call it behind the check.
inline u64 index(u64 i, u64 n) {
    u64 inside = 0;  // all ones by the borrow of the comparison; no compiler knows that there was a check
    asm("cmp %2, %1\n\tsbb %0, %0" : "=r"(inside) : "r"(i), "re"(n) : "cc");
    return i & inside;
}

// `i` when i < n, else n, likewise: for a table that ends with an entry that stands for none, and no check.
inline u64 or_end(u64 i, u64 n) {
    asm("cmp %1, %0\n\tcmovae %1, %0" : "+r"(i) : "rm"(n) : "cc");
    return i;
}

}  // namespace nospec

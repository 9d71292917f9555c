// SPDX-License-Identifier: MIT
// Array indices from a guest, safe under speculation: even while the CPU runs
// ahead of the bounds check, the index is in range (HC-1).
#pragma once

#include "kernel/base/types.hpp"

namespace nospec {

// `i` when i < n, else 0, computed without a branch. Call it behind the check.
// Both numbers must be below 2^63.
inline u64 index(u64 i, u64 n) {
    asm("" : "+r"(i));  // or the compiler, knowing the check, takes the mask for granted
    return i & static_cast<u64>(static_cast<s64>(i - n) >> 63);
}

}  // namespace nospec

// SPDX-License-Identifier: MIT
// Allocations that are refused on purpose, to see what their callers make of
// it (LC-3). Whoever asks for memory asks here first, and says for which place
// in the code; off, as it is unless an operator turns it on, that is one load.
#pragma once

#include <atomic>
#include <optional>

#include "kernel/base/types.hpp"

namespace mm::alloc_fault {

// The first allocation of every place is refused once. What was noted before
// is forgotten.
void refuse_each();
// The n-th allocation from now on, from 1, whichever place's it is; likewise.
void refuse_nth(u64 n);
// None is; what was noted is kept.
void stop();

struct Site {
    u64 address = 0;  // behind the call
    u64 asked = 0;
    u64 refused = 0;
};
inline constexpr u32 most_sites = 64;
// The i-th place that has asked; empty: there were fewer.
std::optional<Site> site(u32 i);

namespace detail {
// Changed by an operator, read by every CPU at any time.
inline constinit std::atomic<bool> armed{false};
bool judge(u64 address);
}  // namespace detail

// Whether the allocation that returns to `caller` is to be refused.
inline bool strikes(void const* caller) {
    return detail::armed.load(std::memory_order_relaxed) && detail::judge(reinterpret_cast<u64>(caller));
}

}  // namespace mm::alloc_fault

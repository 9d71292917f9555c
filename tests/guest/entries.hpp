// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/base/types.hpp"

// Equal but for what a hypervisor may add to a guest's entry by itself: the
// global bit, and bit 52, by which it remembers that it did not.
constexpr bool same_entry(u64 a, u64 b) {
    constexpr u64 added = u64{1} << 8 | u64{1} << 52;
    return (a & ~added) == (b & ~added);
}

// SPDX-License-Identifier: MIT
#pragma once

#include "kernel/base/types.hpp"

namespace pv {

// 48-bit linear addresses: bits 63..47 all equal. Others fault in ring 0 when
// loaded into a base or a return address.
constexpr bool canonical(u64 a) {
    return static_cast<u64>(static_cast<s64>(a << 16) >> 16) == a;
}

}  // namespace pv

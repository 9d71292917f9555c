// SPDX-License-Identifier: MIT
// Names of functions, for call traces. The table is made from the image's own
// symbols by scripts/symbol-table and linked into it.
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"

namespace rt {

struct Symbol {
    std::string_view name;
    u64 offset;
};

// The function that contains `address`; "?" when it is in none.
Symbol find_symbol(u64 address);

}  // namespace rt

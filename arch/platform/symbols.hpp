// SPDX-License-Identifier: MIT
// Names of our own functions, for backtraces. The build makes the table from
// the first link and puts it into the second (scripts/embed-symbols).
#pragma once

#include <string_view>

#include "kernel/base/types.hpp"

namespace arch {

struct Symbol {
    std::string_view name;  // empty: unknown
    u64 offset = 0;
};
Symbol find_symbol(u64 address);

}  // namespace arch

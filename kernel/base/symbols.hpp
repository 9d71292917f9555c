// SPDX-License-Identifier: MIT
// Names of an image's own functions, for backtraces. scripts/symbol-table makes
// the table from a first link of the image, a second link puts it in.
#pragma once

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include "kernel/base/types.hpp"

struct Symbol {
    std::string_view name;  // empty: in no function
    u64 offset = 0;
};

struct SymbolEntry {
    u64 address;  // ascending
    u64 name;     // offset of a zero-terminated string
};

// The function that `address` lies in, or behind when it is behind the last.
inline Symbol find_symbol(std::span<SymbolEntry const> entries, char const* names, u64 address) {
    auto const after = std::ranges::upper_bound(entries, address, {}, &SymbolEntry::address);
    if (after == entries.begin())
        return {};
    auto const& found = *std::prev(after);
    return {.name = names + found.name, .offset = address - found.address};
}

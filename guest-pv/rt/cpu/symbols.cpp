// SPDX-License-Identifier: MIT
#include "guest-pv/rt/cpu/symbols.hpp"

#include <algorithm>
#include <span>

extern "C" {
// The table: how many functions, each one's address (ascending) and where its
// name begins, then all names, zero-terminated.
struct SymbolEntry {
    u64 address;
    u64 name;
};
extern u64 const symbol_count;
extern SymbolEntry const symbol_entries[];
extern char const symbol_names[];
extern char const text_end[];
}

namespace rt {

Symbol find_symbol(u64 address) {
    std::span const all{symbol_entries, symbol_count};
    auto const after = std::ranges::upper_bound(all, address, {}, &SymbolEntry::address);
    if (after == all.begin() || address >= reinterpret_cast<u64>(text_end))
        return {.name = "?", .offset = 0};
    auto const& found = *std::prev(after);
    return {.name = symbol_names + found.name, .offset = address - found.address};
}

}  // namespace rt

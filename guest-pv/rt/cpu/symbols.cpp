// SPDX-License-Identifier: MIT
#include "guest-pv/rt/cpu/symbols.hpp"

extern "C" {
extern u64 const symbol_count;
extern SymbolEntry const symbol_entries[];
extern char const symbol_names[];
extern char const text_end[];
}

Symbol rt::find_symbol(u64 address) {
    if (address >= reinterpret_cast<u64>(text_end))
        return {};
    return ::find_symbol({symbol_entries, symbol_count}, symbol_names, address);
}

// SPDX-License-Identifier: MIT
#include "arch/platform/symbols.hpp"

#include "arch/mm/image.hpp"
#include "kernel/machine/sampling.hpp"

namespace {

extern "C" u64 const symbol_count;
extern "C" SymbolEntry const symbol_entries[];
extern "C" char const symbol_names[];

bool is_code(u64 address) {
    return address >= reinterpret_cast<u64>(image_text) && address < reinterpret_cast<u64>(image_rodata);
}

}  // namespace

Symbol machine::function_at(u64 address) {
    return arch::find_symbol(address);
}

Symbol arch::find_symbol(u64 address) {
    return is_code(address) ? ::find_symbol({symbol_entries, symbol_count}, symbol_names, address) : Symbol{};
}

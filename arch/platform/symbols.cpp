// SPDX-License-Identifier: MIT
#include "arch/platform/symbols.hpp"

#include <algorithm>
#include <span>

#include "arch/mm/image.hpp"

namespace {

struct Entry {
    u64 address;
    u64 name;  // offset in symbol_names
};

extern "C" u64 const symbol_count;
extern "C" Entry const symbol_entries[];
extern "C" char const symbol_names[];

bool is_code(u64 address) {
    return address >= reinterpret_cast<u64>(image_text) && address < reinterpret_cast<u64>(image_rodata);
}

}  // namespace

arch::Symbol arch::find_symbol(u64 address) {
    std::span const entries{symbol_entries, symbol_count};
    auto const after = std::ranges::upper_bound(entries, address, {}, &Entry::address);
    if (!is_code(address) || after == entries.begin())
        return {};
    Entry const& e = *(after - 1);
    return {symbol_names + e.name, address - e.address};
}

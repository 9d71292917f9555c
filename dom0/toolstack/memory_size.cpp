// SPDX-License-Identifier: MIT
#include "dom0/toolstack/memory_size.hpp"

#include "dom0/toolstack/text.hpp"

namespace toolstack {

std::optional<u64> parse_memory_size(std::string_view text) {
    constexpr std::string_view units = "kmgt";  // each 1024 times the one before
    u64 unit = units.find('m');
    if (!text.empty() && (text.back() < '0' || text.back() > '9')) {
        unit = units.find(static_cast<char>(text.back() | 0x20));
        if (unit == std::string_view::npos)
            return std::nullopt;
        text.remove_suffix(1);
    }
    auto const number = to_number<u32>(text);
    return number ? std::optional{*number * (u64{1} << (10 * unit))} : std::nullopt;
}

}  // namespace toolstack

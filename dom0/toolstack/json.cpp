// SPDX-License-Identifier: MIT
#include "dom0/toolstack/json.hpp"

#include "kernel/base/types.hpp"

namespace toolstack {

std::string json_string(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "\"";
    for (char const c : bytes) {
        auto const byte = static_cast<u8>(c);
        if (c == '"' || c == '\\')
            text.append(1, '\\').append(1, c);
        else if (c >= ' ' && c <= '~')
            text += c;
        else
            text.append("\\u00").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
    return text += '"';
}

}  // namespace toolstack

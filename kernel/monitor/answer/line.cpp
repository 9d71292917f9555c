// SPDX-License-Identifier: MIT
#include "kernel/monitor/answer/line.hpp"

namespace monitor {

void Line::put_padded(std::string_view s, usize width, bool left) {
    usize const pad = width > s.size() ? width - s.size() : 0;
    if (left)
        put(s);
    for (usize i = 0; i < pad; ++i)
        put(' ');
    if (!left)
        put(s);
}

void Line::put_lower(std::string_view s) {
    for (char const c : s)
        put(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
}

void Line::put_json(std::string_view s) {
    constexpr std::string_view hex = "0123456789abcdef";
    put('"');
    for (char const c : s) {
        auto const byte = static_cast<u8>(c);
        if (c == '"' || c == '\\')
            put('\\');
        if (byte >= ' ' && byte < 0x7f) {
            put(c);
        } else {
            put("\\u00");
            put(hex[byte >> 4]);
            put(hex[byte & 15]);
        }
    }
    put('"');
}

void Line::trim_end() {
    while (used_ > 0 && text_[used_ - 1] == ' ')
        --used_;
}

}  // namespace monitor

// SPDX-License-Identifier: MIT
#include "guest-pv/net/mac.hpp"

#include <charconv>

namespace net {

std::optional<Mac> parse_mac(std::string_view text) {
    constexpr usize length = 17;
    if (text.size() != length)
        return std::nullopt;
    Mac mac;
    for (usize byte = 0; byte < mac.size(); byte++) {
        char const* const digits = text.data() + byte * 3;
        auto const [end, error] = std::from_chars(digits, digits + 2, mac[byte], 16);
        bool const last = byte + 1 == mac.size();
        if (error != std::errc{} || end != digits + 2 || (!last && *end != ':'))
            return std::nullopt;
    }
    return mac;
}

}  // namespace net

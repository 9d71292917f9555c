// SPDX-License-Identifier: MIT
// Ethernet addresses as text.
#include "drivers/net/mac.hpp"

#include <charconv>

#include "kernel/base/format.hpp"

namespace nic {

std::optional<Mac> Mac::parse(std::string_view text) {
    constexpr usize digits = 2;
    Mac mac;
    if (text.size() != mac.octets.size() * (digits + 1) - 1)
        return std::nullopt;
    for (usize i = 0; i < mac.octets.size(); ++i) {
        char const* const first = text.data() + i * (digits + 1);
        auto const [end, error] = std::from_chars(first, first + digits, mac.octets[i], 16);
        bool const separated = i + 1 == mac.octets.size() || first[digits] == ':';
        if (error != std::errc{} || end != first + digits || !separated)
            return std::nullopt;
    }
    return mac;
}

std::string_view to_text(Mac mac, MacText& into) {
    auto const& o = mac.octets;
    return text::format_to(into, "{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", o[0], o[1], o[2], o[3], o[4],
                           o[5]);
}

}  // namespace nic

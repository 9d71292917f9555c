// SPDX-License-Identifier: MIT
// Ethernet addresses.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "kernel/base/types.hpp"

namespace nic {

struct Mac {
    std::array<u8, 6> octets{};

    static Mac at(std::byte const* bytes) {
        Mac mac;
        for (usize i = 0; i < mac.octets.size(); ++i)
            mac.octets[i] = static_cast<u8>(bytes[i]);
        return mac;
    }
    // "00:16:3e:01:02:03"
    static std::optional<Mac> parse(std::string_view text);

    [[nodiscard]] bool is_group() const { return (octets[0] & 1) != 0; }
    [[nodiscard]] u64 packed() const {
        u64 all = 0;
        for (u8 octet : octets)
            all = all << 8 | octet;
        return all;
    }
    friend bool operator==(Mac, Mac) = default;
};

using MacText = std::array<char, 18>;
std::string_view to_text(Mac mac, MacText& into);

}  // namespace nic

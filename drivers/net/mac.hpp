// SPDX-License-Identifier: MIT
// Ethernet addresses.
#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "kernel/base/types.hpp"

namespace nic {

struct Mac {
    std::array<u8, 6> octets{};

    static Mac at(std::byte const* bytes) {
        Mac mac;
        std::memcpy(mac.octets.data(), bytes, mac.octets.size());
        return mac;
    }
    // "00:16:3e:01:02:03"
    static std::optional<Mac> parse(std::string_view text);

    [[nodiscard]] bool is_group() const { return (octets[0] & 1) != 0; }
    // The first octet is the most significant of six.
    [[nodiscard]] u64 packed() const {
        u64 all = 0;
        std::memcpy(&all, octets.data(), octets.size());
        return __builtin_bswap64(all) >> 16;
    }
    friend bool operator==(Mac, Mac) = default;
};

using MacText = std::array<char, 18>;
std::string_view to_text(Mac mac, MacText& into);

}  // namespace nic

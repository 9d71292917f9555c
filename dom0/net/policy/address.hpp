// SPDX-License-Identifier: MIT
// Internet addresses of both kinds as one: IPv4's are mapped into IPv6's
// (RFC 4291, 2.5.5.2), so that they are compared and written down alike.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "drivers/net/mac.hpp"
#include "kernel/base/types.hpp"

namespace policy {

struct Address {
    u64 high = 0;
    u64 low = 0;

    friend bool operator==(Address, Address) = default;
    static constexpr u64 mapped = u64{0xffff} << 32;
    static constexpr Address ipv4(u32 address) { return {0, mapped | address}; }
    // Bytes as they are in a header.
    static Address ipv4_at(std::byte const* at);
    static Address ipv6_at(std::byte const* at);
    // That a station gives itself from its Ethernet address (RFC 4291, 2.5.6).
    static Address link_local(nic::Mac mac);

    static std::optional<Address> parse(std::string_view text);
};

// All addresses that begin alike.
struct Prefix {
    Address address;
    u8 bits = 128;

    [[nodiscard]] bool contains(Address other) const;
    // "10.0.0.0/8", "fd00::/8", or an address alone.
    static std::optional<Prefix> parse(std::string_view text);
};

}  // namespace policy

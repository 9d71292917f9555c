// SPDX-License-Identifier: MIT
// What an interface may send, as its configuration says. Everything is checked
// on a private copy of a frame's head, before anybody else sees it.
#pragma once

#include <optional>
#include <string_view>

#include "dom0/net/bridge/vlans.hpp"
#include "dom0/net/policy/address_guard.hpp"
#include "dom0/net/policy/allow_list.hpp"

namespace policy {

enum class Refusal : u8 {
    spoofed_mac,
    spoofed_ip,
    foreign_vlan,
    not_allowed,
};

struct Policy {
    bridge::Vlans vlans;
    std::optional<AddressGuard> guard;
    std::optional<AllowList> allow;  // none: everything is

    // `head` has at least the Ethernet header.
    [[nodiscard]] std::optional<Refusal> judge(Bytes head) const;
    // A frame on its way to the guest.
    void heard(Bytes head) {
        if (allow)
            allow->heard(head);
    }
};

// Of "5", and "10 20-29" or "all". Empty: that is no network.
std::optional<bridge::Vlans> parse_vlans(std::string_view access, std::string_view tagged);
// "10.0.2.15 fd00::15"
std::optional<std::vector<Address>> parse_addresses(std::string_view text);

}  // namespace policy

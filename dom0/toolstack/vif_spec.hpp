// SPDX-License-Identifier: MIT
// One network interface as a configuration describes it: "mac=...,bridge=...".
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dom0/net/netback/mode.hpp"
#include "dom0/toolstack/outcome.hpp"

namespace toolstack {

using Mac = std::array<u8, 6>;
std::string to_string(Mac const& mac);
// In Xen's own range, always the same for the same guest and interface.
Mac stable_mac(std::string_view guest, unsigned index);

struct VifSpec {
    u32 handle = 0;  // its number among the guest's interfaces
    std::optional<Mac> mac;
    std::string bridge = "xenbr0";
    std::string backend{};          // a domain's name or number; empty: whose network it is
    DomId backend_id{};             // that domain, when the guest is made
    u64 rate_bytes_per_second = 0;  // 0: no limit
    u64 rate_interval_us = 50'000;
    std::optional<netback::Mode> mode;        // by default as the backend thinks best
    std::optional<u32> queues;                // by default as many as the guest has processors
    std::optional<u32> mtu;                   // by default whatever the guest makes of it
    bool antispoof = true;                    // only its own addresses may send
    std::string ip{};                         // those of the Internet; empty: any
    std::string vlan = "0";                   // its network
    std::string trunk{};                      // others, whose frames are tagged
    std::optional<std::string> allow;         // where it may send; by default anywhere
    std::vector<std::string> without_effect;  // keys that mean nothing here
};

inline constexpr u32 most_queues = 8;

// Gives it a number, and an address where it has none. They stay the same when
// the guest gets another name.
void identify(VifSpec& vif, std::string_view guest, u32 handle);

Outcome<VifSpec> parse_vif(std::string_view text);

}  // namespace toolstack

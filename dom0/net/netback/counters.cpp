// SPDX-License-Identifier: MIT
// Names of the refusals, for people.
#include "dom0/net/netback/counters.hpp"

namespace netback {

std::string_view name_of(Drop reason) {
    static constexpr std::array<std::string_view, drop_reasons> names{
        "chain-too-long", "bad-extra",          "part-beyond-page", "parts-exceed-total", "too-short",
        "too-long",       "bad-checksum-place", "bad-segmentation", "no-buffer",          "grant-refused",
        "guest-slow",     "past-card",          "damaged",          "spoofed-mac",        "spoofed-ip",
        "foreign-vlan",   "not-allowed",        "backend-ended",
    };
    static_assert(!names.back().empty(), "each refusal has a name");
    return names[static_cast<usize>(reason)];
}

}  // namespace netback

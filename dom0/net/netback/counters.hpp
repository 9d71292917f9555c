// SPDX-License-Identifier: MIT
// What one virtual interface has carried and refused, seen from the backend:
// "tx" is what the guest sent, "rx" what it was given.
#pragma once

#include <array>
#include <string_view>

#include "kernel/base/types.hpp"

namespace netback {

// Why a frame of the guest, or for it, was not carried.
enum class Drop : u8 {
    chain_too_long,      // more slots than a packet may have
    bad_extra,           // extra info unknown, repeated, or never offered
    part_beyond_page,    // offset and size leave the page
    parts_exceed_total,  // fragments add up to more than the packet
    too_short,           // not even an Ethernet header
    too_long,            // more than was agreed on
    bad_checksum_place,  // checksum left blank where we cannot find it
    bad_segmentation,    // a large frame that cannot be cut
    no_buffer,           // the pool of packets was empty
    grant_refused,       // the grant could not be copied
    guest_slow,          // for the guest, which posts no room
    past_card,           // for a guest that hears only its card's queue
    damaged,             // by the card's account
    spoofed_mac,         // sent by an Ethernet address that is not the guest's
    spoofed_ip,          // the same of Internet addresses
    foreign_vlan,        // for a network the guest has no part in
    not_allowed,         // for where the guest may not send
    backend_ended,       // given to a backend that ended before it answered
};
inline constexpr usize drop_reasons = static_cast<usize>(Drop::backend_ended) + 1;

std::string_view name_of(Drop reason);

struct Counters {
    u64 tx_packets = 0;
    u64 tx_bytes = 0;
    u64 tx_lent = 0;  // of these packets, parts of which stayed in the guest's pages
    u64 rx_packets = 0;
    u64 rx_bytes = 0;
    u64 rx_merged = 0;  // that came as a part of another frame, or were outdated by one
    u64 rx_tcp = 0;     // segments, whether merged or not
    std::array<u64, drop_reasons> drops{};

    void drop(Drop reason, u64 count = 1) { drops[static_cast<usize>(reason)] += count; }
    [[nodiscard]] u64 dropped(Drop reason) const { return drops[static_cast<usize>(reason)]; }
};

}  // namespace netback

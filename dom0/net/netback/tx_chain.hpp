// SPDX-License-Identifier: MIT
// Reading one packet's chain of transmit slots, as pure logic over private
// copies of the slots. See "Guest transmit" in xen/io/netif.h: the first slot
// gives the size of the whole packet, extra-info slots may follow it, then one
// slot for each further part.
#pragma once

#include <span>

#include "dom0/net/netback/abi.hpp"
#include "dom0/net/netback/counters.hpp"
#include "dom0/net/netback/multicast.hpp"
#include "drivers/net/packet.hpp"
#include "kernel/base/fixed_vector.hpp"

namespace netback {

inline constexpr u32 max_parts = XEN_NETIF_NR_SLOTS_MIN;
// Each kind of extra info at most once.
inline constexpr u32 max_extras = XEN_NETIF_EXTRA_TYPE_MAX - 1;
inline constexpr u32 max_chain = max_parts + max_extras;

// Bytes inside one granted page.
struct TxPart {
    GrantRef grant;
    u16 offset;
    u16 bytes;
};

struct TxChain {
    enum class Verdict : u8 {
        accept,
        refuse,     // each of its slots gets an error response
        malformed,  // where the packet ends cannot be known: the guest is cut off
    };

    Verdict verdict = Verdict::malformed;
    Drop reason{};   // of a refusal
    u32 slots = 0;   // of the ring, extras included
    u32 extras = 0;  // they follow the first slot
    u16 total = 0;
    bool checksum_blank = false;
    u16 segment_bytes = 0;  // of a large frame; zero: it is none
    nic::Network segment_network{};
    FixedVector<MulticastChange, 2> multicast;  // not empty: that is all, there is no frame
    FixedVector<TxPart, max_parts> parts;       // none is empty
};

// Segments shorter than this would be many for hardly any payload.
inline constexpr u16 least_segment = 32;

// `slots` are all that the guest has published, at most max_chain of them
// looked at. Fills `chain`, which may have been used before.
void read_chain(std::span<netif_tx_request_t const> slots, TxChain& chain);

}  // namespace netback

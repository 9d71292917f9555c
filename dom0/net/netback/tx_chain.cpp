// SPDX-License-Identifier: MIT
// First find where the chain ends, then judge what is in it: whatever is wrong
// inside, each slot can still be answered.
#include "dom0/net/netback/tx_chain.hpp"

#include <algorithm>
#include <cstring>

namespace netback {

namespace {

using Slots = std::span<netif_tx_request_t const>;
using Verdict = TxChain::Verdict;

netif_extra_info_t extra_at(Slots slots, u32 index) {
    netif_extra_info_t extra;
    static_assert(sizeof extra <= sizeof slots[index]);
    std::memcpy(&extra, &slots[index], sizeof extra);
    return extra;
}

void refuse(TxChain& chain, Drop reason) {
    chain.verdict = Verdict::refuse;
    chain.reason = reason;
}

// Counts extras and slots. False when the chain has no end within bounds.
bool find_end(Slots slots, TxChain& chain) {
    u32 at = 0;
    bool more_extras = (slots[at++].flags & NETTXF_extra_info) != 0;
    while (more_extras) {
        if (at == slots.size() || at > max_extras)
            return false;
        more_extras = (extra_at(slots, at++).flags & XEN_NETIF_EXTRA_FLAG_MORE) != 0;
    }
    chain.extras = at - 1;
    bool more_data = (slots[0].flags & NETTXF_more_data) != 0;
    while (more_data) {
        if (at == slots.size() || at == max_chain)
            return false;
        more_data = (slots[at++].flags & NETTXF_more_data) != 0;
    }
    chain.slots = at;
    return true;
}

nic::Mac group_of(netif_extra_info_t const& extra) {
    nic::Mac mac;
    std::ranges::copy(extra.u.mcast.addr, mac.octets.begin());
    return mac;
}

bool read_segmentation(netif_extra_info_t const& extra, TxChain& chain) {
    bool const v6 = extra.u.gso.type == XEN_NETIF_GSO_TYPE_TCPV6;
    if ((!v6 && extra.u.gso.type != XEN_NETIF_GSO_TYPE_TCPV4) || extra.u.gso.size < least_segment)
        return false;
    chain.segment_bytes = extra.u.gso.size;
    chain.segment_network = v6 ? nic::Network::ipv6 : nic::Network::ipv4;
    return true;
}

bool read_extra(netif_extra_info_t const& extra, TxChain& chain) {
    switch (extra.type) {
        case XEN_NETIF_EXTRA_TYPE_GSO:
            return read_segmentation(extra, chain);
        case XEN_NETIF_EXTRA_TYPE_MCAST_ADD:
        case XEN_NETIF_EXTRA_TYPE_MCAST_DEL:
            return chain.multicast.push({group_of(extra), extra.type == XEN_NETIF_EXTRA_TYPE_MCAST_ADD});
        default:
            return false;  // hashes belong to the control ring, which is not offered
    }
}

// Each kind once. A change of groups is all that its request is about.
bool read_extras(Slots slots, TxChain& chain) {
    u32 seen = 0;
    for (u32 i = 1; i <= chain.extras; ++i) {
        auto const extra = extra_at(slots, i);
        u32 const bit = u32{1} << extra.type % 32;
        if ((seen & bit) != 0 || !read_extra(extra, chain))
            return false;
        seen |= bit;
    }
    return chain.multicast.empty() || (chain.segment_bytes == 0 && chain.slots == 1 + chain.extras);
}

bool add_part(TxChain& chain, netif_tx_request_t const& slot, u16 bytes) {
    if (u32{slot.offset} + bytes > page_size) {
        refuse(chain, Drop::part_beyond_page);
        return false;
    }
    if (bytes == 0)
        return true;
    return chain.parts.push({GrantRef{slot.gref}, slot.offset, bytes});
}

void read_parts(Slots fragments, netif_tx_request_t const& first, TxChain& chain) {
    u32 others = 0;
    for (auto const& slot : fragments)
        others += slot.size;
    if (others > first.size)
        return refuse(chain, Drop::parts_exceed_total);
    if (!add_part(chain, first, static_cast<u16>(first.size - others)))
        return;
    for (auto const& slot : fragments)
        if (!add_part(chain, slot, slot.size))
            return;
}

bool is_alone(netif_tx_request_t const& slot) {
    return (slot.flags & (NETTXF_extra_info | NETTXF_more_data)) == 0;
}

// As most frames are: nothing has to be found out.
void read_lone(netif_tx_request_t const& slot, TxChain& chain) {
    chain.slots = 1;
    chain.extras = 0;
    static_cast<void>(add_part(chain, slot, slot.size));
}

}  // namespace

void read_chain(Slots slots, TxChain& chain) {
    chain.parts.clear();
    chain.multicast.clear();
    chain.segment_bytes = 0;
    chain.verdict = Verdict::malformed;
    if (slots.empty())
        return;
    netif_tx_request_t const& first = slots[0];
    chain.total = first.size;
    chain.checksum_blank = (first.flags & NETTXF_csum_blank) != 0;
    bool const alone = is_alone(first);
    if (!alone && !find_end(slots, chain))
        return;
    chain.verdict = Verdict::accept;
    if (alone)
        return read_lone(first, chain);
    Slots const fragments = slots.subspan(1 + chain.extras, chain.slots - 1 - chain.extras);
    if (fragments.size() >= max_parts)
        return refuse(chain, Drop::chain_too_long);
    if (!read_extras(slots, chain))
        return refuse(chain, Drop::bad_extra);
    if (chain.multicast.empty())
        read_parts(fragments, first, chain);
}

}  // namespace netback

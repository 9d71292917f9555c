// SPDX-License-Identifier: MIT
// First find where the chain ends, then judge what is in it: whatever is wrong
// inside, each slot can still be answered.
#include "dom0/net/netback/tx_chain.hpp"

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
    if (slots.empty())
        return false;
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

}  // namespace

void read_chain(Slots slots, TxChain& chain) {
    chain.parts.clear();
    chain.verdict = Verdict::malformed;
    if (!find_end(slots, chain))
        return;
    netif_tx_request_t const& first = slots[0];
    chain.verdict = Verdict::accept;
    chain.total = first.size;
    chain.checksum_blank = (first.flags & NETTXF_csum_blank) != 0;
    Slots const fragments = slots.subspan(1 + chain.extras, chain.slots - 1 - chain.extras);
    if (fragments.size() >= max_parts)
        return refuse(chain, Drop::chain_too_long);
    // Segmentation, multicast lists and hashes are not offered.
    if (chain.extras != 0)
        return refuse(chain, Drop::bad_extra);
    read_parts(fragments, first, chain);
}

}  // namespace netback

// SPDX-License-Identifier: MIT
#include "dom0/net/netback/takeover.hpp"

#include <cstddef>
#include <vector>

#include "dom0/net/netback/tx_answer.hpp"
#include "dom0/net/netback/tx_chain.hpp"

namespace netback {

namespace {

// The two kinds of receive slots have the identifier in one place.
static_assert(offsetof(netif_rx_request_t, id) == offsetof(netif_rx_response_t, id));

// What cannot be read as a chain is one slot and then another.
TxChain chain_at(std::span<netif_tx_request_t const> slots) {
    TxChain chain;
    read_chain(slots, chain);
    if (chain.verdict == TxChain::Verdict::malformed) {
        chain.slots = 1;
        chain.extras = 0;
    }
    return chain;
}

}  // namespace

Result<u32> refuse_left(BackRing<netif_tx_request_t, netif_tx_response_t>& ring) {
    std::vector<netif_tx_request_t> slots(TRY(ring.pending()));
    for (u32 i = 0; i < slots.size(); ++i)
        ring.peek(i, slots[i]);
    ring.consume(static_cast<u32>(slots.size()));
    u32 frames = 0;
    for (std::span<netif_tx_request_t const> left{slots}; !left.empty(); ++frames) {
        TxChain const chain = chain_at(left);
        for (u32 i = 0; i < chain.slots; ++i) {
            bool const extra = is_extra(i, chain.extras);
            ring.respond(answer_with(kept_of(left[i], extra), extra, NETIF_RSP_ERROR));
        }
        left = left.subspan(chain.slots);
    }
    ring.show();
    return frames;
}

Result<> refuse_left(BackRing<netif_rx_request_t, netif_rx_response_t>& ring) {
    for (u32 left = TRY(ring.pending()); left != 0; --left) {
        netif_rx_request_t posted;
        ring.peek(0, posted);
        ring.consume(1);
        ring.respond({posted.id, 0, 0, NETIF_RSP_ERROR});
    }
    ring.show();
    return {};
}

}  // namespace netback

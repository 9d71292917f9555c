// SPDX-License-Identifier: MIT
// Responses to what a guest sends. Each lies over the first bytes of its request
// and keeps what tells where the frame ends: should this backend end before the
// guest is shown them, the next one reads the ring once more (takeover.hpp).
#pragma once

#include <cstddef>

#include "dom0/net/netback/abi.hpp"
#include "kernel/base/types.hpp"

namespace netback {

// A request's own flags are behind the response; extra info, which follows the
// first slot and has no identifier, has its kind and flags where a response's is.
static_assert(sizeof(netif_tx_response_t) <= offsetof(netif_tx_request_t, flags));
static_assert(offsetof(netif_tx_response_t, id) == 0 && offsetof(netif_tx_request_t, gref) == 0);
static_assert(offsetof(netif_extra_info_t, flags) < sizeof(netif_tx_response_t::id));

[[nodiscard]] constexpr bool is_extra(u32 slot, u32 extras) {
    return slot != 0 && slot <= extras;
}

// What the response has for an identifier.
[[nodiscard]] constexpr u16 kept_of(netif_tx_request_t const& request, bool extra) {
    return extra ? static_cast<u16>(request.gref) : request.id;
}

[[nodiscard]] constexpr netif_tx_response_t answer_with(u16 kept, bool extra, s16 status) {
    return {kept, extra ? s16{NETIF_RSP_NULL} : status};
}

}  // namespace netback

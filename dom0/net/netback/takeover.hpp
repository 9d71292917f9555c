// SPDX-License-Identifier: MIT
// Rings whose backend has ended, in the hands of the next one. What the guest
// asked for and was not answered is refused: frames it sent it may send again,
// pages it posted it posts again. Answers that the old backend wrote without
// showing them may lie over requests, in whole or in part, and every response
// keeps what is needed here: a request's identifier and flags, extra info's kind and flags. That answers come
// in the order of requests is the old backend's part (Allowance::replaceable).
#pragma once

#include "dom0/net/netback/abi.hpp"
#include "dom0/net/netback/back_ring.hpp"

namespace netback {

// Returns how many frames are lost with them. Errno::range: the ring makes no
// sense. Both notify afterwards, whatever the guest asked to hear of.
Result<u32> refuse_left(BackRing<netif_tx_request_t, netif_tx_response_t>& ring);
Result<> refuse_left(BackRing<netif_rx_request_t, netif_rx_response_t>& ring);

}  // namespace netback
